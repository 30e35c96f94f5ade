"""Diminutives and everyday variants of given names: Italian, English, and some German, French and Spanish."""

from __future__ import annotations

from dkcrm.domain.text import fold

# A name, then what those who bear it are called; a diminutive may stand with several names.
_LINES = """
abigail abby gail abbey abbie; abraham abe bram; adam ad; adelaide ade heidi; adriano adri; agnes aggie; agostino ago
tino; albert al bert bertie; alberto albi berto albertino beto; aldo aldino; alejandro alex ale jandro; alessandra
sandra ale alex; alessandro sandro ale alex sandrino; alessia ale; alexander alex al sandy sasha xander alec zander
lex; alexandra alex sandra sandy sasha lexi lexie alexa; alexandre alex; alfonso fonso alfo; alfred alf alfie fred al;
alfredo fredo alfredino; alice ali; alison ali ally allie; alois luis lois; amanda mandy manda; ambrogio ambro; amelia
amy millie mel; andrea andre; andreas andi andy; andrew andy drew andi; angela angelina angie lina; angelo angelino
lino; ann annie nancy anne anna; anna annina annarella nina annetta; annamaria anna annamari; annemarie anne marie;
anthony tony ant; antoine toine; antonella anto nella antonia; antonia tonia antonietta antonella; antonino nino nini
tonino; antonio tonio tonino toni tony nino totò toto antonino anto toño tono; archibald archie; armando nando; arnold
arnie; arthur art artie; arturo artù; ashley ash; augusto gusto; augustus gus; barbara babi barbi babs barb bobbie
barbie; barbel barbara; barnaby barney; bartholomew bart; bartolomeo meo bartolo; beatrice bea bice bibi; benedetta
betta benni; benedetto benni nedo; benjamin ben benny benji benjy; benoit ben; bernard bernie; bernardo dino
bernardino; bernhard bernd hardy; birgit gitte; bradley brad; brandon bran; brendan bren; bridget biddy bridie; bruno
brunello; calvin cal; cameron cam; camilla cami milla; carla carlina carlotta; carlo carletto carlino; carlotta lotta;
carmela carmelina melina carmen; carmelo melo; carmine mino; caroline carrie carol caro lina; carolyn carol lyn;
cassandra cassie sandra; caterina cate rina katia cati nina; catherine cathy kate katie cat cath kitty kathy katherine
kathryn katharine catharine; cecilia ceci; charles charlie chuck chas chip charley; charlotte lottie charlie char;
chelsea chels; chiara chiaretta; christian chris; christina chris tina christy chrissie; christine chris tina
chrissie; christoph chris stoffel; christopher chris kit topher kris; clarence clare; claudia claudina clo; claudio
clau; clifford cliff; clinton clint; concepcion concha conchita; concetta tina cettina concettina; consuelo chelo;
cornelius neil corny; cosimo mimmo mino; courtney court; cristian cri chris; cristiano cri cris; cristina cri cris
tina; cristoforo cristo; curtis curt; cynthia cindy cyndi; daniel dan danny; daniela dani; daniele dani dany; danielle
dani; david dave davy davey; davide dade david; debora debbi debby deborah; deborah deb debbie debby debra; dennis
denny den; diego dieghito; dieter didi; dietrich dieter; dolores lola loli; domenica mimma nica; domenico mimmo mimì
mimi menico nico micu dome; dominic dom nic dominick; dominique dom; donald don donny donnie; donatella dona; dorothy
dot dottie dolly dory; douglas doug; eberhard ebi; edgar ed eddie; edmund ed eddie ned; edoardo edo dado eduardo;
eduardo edu lalo; edward ed eddie ted teddy ned eddy; edwin ed eddie; eleanor ellie nell nora ella lenore elinor;
elena lena ele nena; eleonora ele nora leo norina; elisa ely eli; elisabeth lisa lisbeth elsa else sissi liesl betti;
elisabetta betta lisa betty elisa eli bettina; elizabeth liz beth betty lizzie eliza libby bess betsy lisa elisabeth
liza bessie lizbeth elsie; ellen nell nellie ellie; emanuela manu manuela ema; emanuele manu manuele lele ema; emilia
mila emi; emiliano emi; emilio emi; emily em emmy millie; emma em; emmanuel manu; emmanuelle manu; enrica chicca rica;
enrico chicco rico enri; enrique quique kike; ernest ernie; ernesto erni; ernst erni; ettore ettorino; eugene gene;
eugenia genia; eugenio genio; evelyn eve evie; ezekiel zeke; fabiana fabi; fabio fabietto; fabrizio fabri bicio;
federica fede chicca kikka; federico fede chicco ico; felice felicino; ferdinand ferdi; ferdinando nando ferdi
nandino; fernando fer nando; filippo pippo fil filo; fiorenza fio enza; frances fran fanny frankie francie; francesca
franci franca checca cesca chicca fra francy; francesco franco checco cecco ciccio franci chicco fra francy cesco;
francis frank fran frankie; francisca paca paqui; francisco paco pancho curro fran quico kiko cisco; francois fanfan;
franklin frank; franziska franzi sissi; frederic fred; frederick fred freddy freddie rick fritz frederic; friedrich
fritz fred friedel; gabriel gabe; gabriele gabri lele gabry; gabriella gabri lella; gabrielle gabby; gaetano tano;
genevieve gene; gennaro gennarino genny rino; geoffrey geoff jeff; georg schorsch jorg; george georgie; gerald gerry
jerry; gerard gerry jerry; gertrude trudy gertie; giacomo giacomino mino jack; giampaolo giampi paolo; giampiero
giampi piero; giancarlo gianca carlo gian; gianfranco franco gian; gianluca luca gian; gianluigi gigi gian luigi;
gianmarco marco gian; gianni giannino; gilbert gil bert; giorgio giorgino giò gio; giovanna gianna vanna giò gio
nanna; giovanni giovan gianni nanni vanni gio giò gian giovannino giannino ivan; giulia giuly giu giulietta; giuliana
giuli liana; giuliano giuli; giulio giulietto; giuseppe beppe peppe pino beppino peppino giuse bepi geppo peppo sepp
pinuccio giuseppino gepi bepe; giuseppina pina giusi giusy pinuccia beppa peppina giuse; gonzalo gonza; gordon gord;
grace gracie; graziella grazia lella; gregory greg gregg; guadalupe lupe; guglielmo memo mino; guillaume guy;
guillermo memo guille; gunther gunter; gwendolyn gwen wendy; hannah han; hannelore hanne lore; hans johann johannes;
harold harry hal; harriet hattie; harrison harry; harvey harv; heinrich heinz heiner hein henrik; helen nell nellie
lena; helmut helmi; henrietta etta hettie; henry harry hank hal; herbert herb bert bertie; howard howie; hubert bert
hugh; ignacio nacho; ignazio gnazio nazio; ilaria ila; ingeborg inge; isaac ike zac; isabel izzy bella belle isabella
isobel isa; isabella isa bella lella izzy belle; jacob jake jay; jacopo iacopo; jacqueline jackie; jacques jacquot;
jakob jack jockel; james jim jimmy jamie jimmie jem; jane janie jenny; janet jan; jasmine jas jaz; jason jay; jean
jeannot; jeffrey jeff; jennifer jen jenny jenn; jeremiah jerry; jeremy jerry jem; jerome jerry; jessica jess jessie;
jesus chus chuy; joachim jochen achim jo; joan joanie; joanna jo joanne; johann hans hannes johannes; johanna hanna
hanni; johannes hans hannes jo; john jack johnny jon johnnie jock; jonathan jon jonny johnny jonathon nathan; jose
pepe pepito; josef sepp jupp joseph; josefa pepa; josefina fina pepa; joseph joe joey jos; josephine jo josie; joshua
josh; joyce joy; juan juanito; judith judy jude; julia julie jules; julian jules; justin jus; karl karli carl;
katharina kathi kati katrin kathe; katherine kate katie kathy kat kitty kay kathryn katharine; kathleen kathy kate
kath kay; kenneth ken kenny; kimberly kim kimberley; klaus nikolaus niklas; konrad conny kurt; kristen kris kristy;
kristin kris; kristina kris tina; laurent lolo; lawrence larry laurie lorenz; leonard len lenny leo; leonardo leo
nardo; leopold leo; leslie les; lester les; lewis lew louis; lillian lily lil lilian; lorenza enza renza lori; lorenzo
renzo enzo lollo lori; louis lou louie; louise lou lulu; luca luchino; lucas luke; lucia lucy luci; luciana lucy;
luciano luci; lucy lu lucille; ludovica ludo vica lodovica; ludovico ludo vico lodovico; ludwig lutz wiggerl; luigi
gigi gino luigino gigino luisito; luis lucho; luisa luisella gina; maddalena lena madda; madeline maddie maddy
madeleine; magdalena lena magda; malcolm mal; manfred manni fred; manuel manolo manu lolo; manuela manu; marcello
cello; marco marchino marcolino; marcus marc mark; margaret maggie meg peggy marge greta margie daisy meggie madge
rita; margarete grete greta gretel margarethe gretchen; margherita rita marghe ghita; maria mariuccia mariella mimì
marietta mari mary; mariangela mari angela; marianna anna mari; mariarosa rosa mari; mariateresa maria teresa; mario
mariolino mariuccio; marjorie marge margie; marta martina; martha marty mattie patty; martin marty; martina marti;
mary molly polly mae mamie; massimiliano max massi massimo; massimo max massi mimmo; mathias matthias matze hias;
mathilda tilly mattie matilda; matilde mati tilde; matteo teo matte; matthew matt matty mat; mattia matti matty;
maureen mo; maurice maury mo; maurizio mauri icio; mauro maurino; maximilian max maxi; maxwell max; megan meg; melanie
mel; melissa missy mel lissa; melvin mel; mercedes merche; michael mike mick micky mikey mickey mitch michi michel;
michela michi micky; michelangelo michele; michele michi lino miki micky; michelle shelly shell chelle; miguel migue;
mildred millie; miranda mandy randa; mitchell mitch; mohammed mohamed muhammad mohammad mo moh; monica moni;
montgomery monty; montserrat montse; nancy nan; natale natalino lino; natalie nat; nathan nat nate; nathaniel nat nate
nathan; nicholas nick nicky nicolas nico colin; nicola nico nicolino; nicolas nico; nicole nikki nicky; nicolò nico
nicolo niccolò niccolo; nikolaus klaus niko; norman norm; oliver ollie olly; olivia liv livvy; olivier oliv; orazio
razio; oscar ossie; ottavio tavio; pamela pam; paola paoletta; paolo paolino lino; pasquale pasqualino lino lillo;
pasqualina lina; patricia pat patty tricia trish patsy; patrick pat paddy rick; patrizia patty patti pat; paul pauly;
penelope penny; percival percy; peter pete; philip phil pip phillip; philippe phil; pierluigi gigi piero luigi; piero
pier pietro pierino; pierpaolo piero paolo; pietro pier piero pierino; pilar pili; priscilla cilla; rachel rach;
rafael rafa; raffaele raffa lele lello; raffaella raffa lella raffi; ralph ralphie; ramon moncho; randall randy;
randolph randy; raymond ray; rebecca becky becca becki; reginald reg reggie; renata nata; renato tato; riccardo ricky
ricki riky; richard rick dick rich ricky richie dickie; robert bob rob bobby robbie robby bert; roberta robi roby
berta bobbie; roberto robi roby berto bobo beto; rocco rocchetto; roderick rod rick; rodney rod; rodolfo rudi rudy;
roger rog; roland rollie; ronald ron ronnie; rosa rosetta rosina rosy; rosalia lia rosi; rosaria sara rosa; rosario
saro saretto charo; rosemary rose rosie; rudolf rudi rolf; russell russ rusty; sabrina sabri; salvatore totò toto turi
salvo sasà sasa turiddu tore salvino; samantha sam sammy; samuel sam sammy; samuele samu; sandra sandy; santiago santi
yago; sarah sally sadie sara; sean shawn shaun; sebastian seb bastian basti wastl; sebastiano seba bastiano nello
iano; sebastien seb; serafina fina; sergio sergino checo; sharon shari; sidney sid; silvana silvi; silvia silvietta
silvi; simon si; simona simo; simone simo; solomon sol; stanley stan; stefan steff; stefania stefy ste stefi; stefano
ste stefi stefanino; stephan steff; stephane steph; stephanie steph steffi stephie; stephen steve stevie steven
stephan; steven steve stevie stephan; stuart stu stewart; susan sue susie suzie suzy; susanna susi susy; susanne susi
sanne; suzanne sue suzie; sylvester sly; tabitha tabby; terence terry terrence; teresa resi terry teresina tere;
theodore ted teddy theo; theresa terry tess tessa teresa terri; theresia resi; thierry titi; thomas tom tommy tommi;
timothy tim timmy; tobias toby; tommaso tommy maso tom masino tommasino; tracy trace; ulrich uli ulli; ulrike uli
rike; umberto berto umbertino; ursula ulla uschi ursel; valentina vale titti tina; valentino vale; valeria vale;
valerie val; valerio vale; vanessa nessa; veronica ronnie vero; veronique vero; vicente chente; victor vic; victoria
vicky vicki tori vikki; vincent vince vinny vin; vincenza enza cenza; vincenzo enzo vince cenzo vicè enzino; virginia
ginny ginger; vito vitino vituccio; vittoria vicky vitto; vittorio vitto rino toio; vivian viv; viviana vivi; walter
walt wally; waltraud traudl; wesley wes; wilfred wilf; wilhelm willi willy helm; william bill will billy willie liam
willy; winifred winnie; winston win; wolfgang wolf wolfi; zachary zach zack zac zachariah
"""


def _table() -> dict[str, frozenset[str]]:
    """Return for each name and diminutive the names that it may stand for, itself among them."""
    found: dict[str, set[str]] = {}
    for line in _LINES.split(";"):
        names = fold(line).split()
        for name in names:
            found.setdefault(name, {name}).add(names[0])
    return {name: frozenset(stands_for) for name, stands_for in found.items()}


NICKNAMES = _table()
#: The names themselves, without what their bearers are called.
NAMES = frozenset(fold(line).split()[0] for line in _LINES.split(";"))
#: Those, and diminutives that are as often names of their own.
_OWN = NAMES | frozenset("sara lisa enzo renzo greta rita elisa nadia nina tina lina gina rina".split())


def one_name(a: str, b: str) -> bool:
    """Tell whether two folded given names may be one: ``beppe`` and ``giuseppe``, ``bob`` and ``rob``."""
    first, second = NICKNAMES.get(a), NICKNAMES.get(b)
    if first is None or second is None:
        return False
    # Two whole names that share a diminutive stay two: Sandro may be Alessandro, and Alex too, but Ale is not Alessia.
    # And so do two that a third one may be called: Sara and Rosa, both of them Rosaria.
    if a in _OWN and b in _OWN:
        return a in second or b in first
    return not first.isdisjoint(second)
