"""What dkcrm knows of customers: pure functions and dataclasses, no SQL, no I/O, no clock."""
