"""Names of real drugs for made-up questions: some of no label in the set of 200, and the generic names of some that are."""

from __future__ import annotations

# Approved after the labels were collected, or of other uses; those that a label happens to name are left out when asked.
ELSEWHERE = tuple(
    "semaglutide tirzepatide romosozumab evolocumab alirocumab inclisiran sacubitril ivabradine vericiguat finerenone "
    "edoxaban cangrelor dupilumab omalizumab mepolizumab benralizumab tezepelumab secukinumab ixekizumab guselkumab "
    "risankizumab upadacitinib baricitinib abrocitinib ozanimod siponimod ocrelizumab erenumab fremanezumab galcanezumab "
    "rimegepant ubrogepant lasmiditan brivaracetam cenobamate cannabidiol stiripentol esketamine brexpiprazole cariprazine "
    "lumateperone pimavanserin valbenazine daridorexant lemborexant solriamfetol pitolisant osimertinib lorlatinib alectinib "
    "brigatinib dacomitinib palbociclib ribociclib abemaciclib neratinib tucatinib durvalumab atezolizumab avelumab "
    "cemiplimab daratumumab isatuximab elotuzumab selinexor ixazomib venetoclax acalabrutinib zanubrutinib gilteritinib "
    "midostaurin enasidenib ivosidenib glasdegib apalutamide darolutamide relugolix elagolix niraparib rucaparib talazoparib "
    "sotorasib larotrectinib selpercatinib remdesivir molnupiravir baloxavir letermovir bictegravir doravirine cabotegravir "
    "delafloxacin omadacycline eravacycline plazomicin cefiderocol isavuconazole tafenoquine vonoprazan plecanatide tenapanor "
    "prucalopride eluxadoline burosumab teprotumumab eculizumab emicizumab luspatercept voxelotor patisiran tafamidis "
    "nusinersen risdiplam isotretinoin finasteride minoxidil colchicine allopurinol metformin glipizide montelukast "
    "tamsulosin donepezil memantine zolpidem buspirone mirtazapine sumatriptan cetirizine loratadine "
    "Lipitor Zocor Crestor Humira Enbrel Remicade Cosentyx Skyrizi Rinvoq Ozempic Wegovy Mounjaro Entresto Repatha Praluent "
    "Dupixent Xolair Nucala Fasenra Aimovig Emgality Nurtec Ocrevus Tysabri Evenity Forteo Tymlos Ibrance Kisqali Verzenio "
    "Tagrisso Alecensa Imfinzi Tecentriq Darzalex Venclexta Calquence Erleada Nubeqa Biktarvy Paxlovid Xofluza Shingrix "
    "Lyrica Cymbalta Zoloft Prozac Abilify Rexulti Vraylar Nuplazid Ingrezza Viagra Cialis Nexium Zantac".split()
)

# Brand → first word of the generic name, where the brand's own label prints it and no other label of the set does.
GENERICS = dict(
    pair.split("=")
    for pair in (
        "adcetris=brentuximab afinitor=everolimus benlysta=belimumab blincyto=blinatumomab bosulif=bosutinib "
        "besivance=besifloxacin cometriq=cabozantinib cerdelga=eliglustat cimzia=certolizumab cleviprex=clevidipine "
        "dalvance=dalbavancin dificid=fidaxomicin eliquis=apixaban entereg=alvimopan fanapt=iloperidone "
        "ferriprox=deferiprone fulyzaq=crofelemer firazyr=icatibant gilenya=fingolimod gilotrif=afatinib halaven=eribulin "
        "imbruvica=ibrutinib inlyta=axitinib invokana=canagliflozin ilaris=canakinumab jevtana=cabazitaxel "
        "kyprolis=carfilzomib kalbitor=ecallantide kalydeco=ivacaftor nulojix=belatacept nesina=alogliptin otezla=apremilast "
        "promacta=eltrombopag picato=ingenol pradaxa=dabigatran prolia=denosumab qutenza=capsaicin saphris=asenapine "
        "simponi=golimumab sirturo=bedaquiline stendra=avanafil tanzeum=albiglutide tivicay=dolutegravir toviaz=fesoterodine "
        "trulicity=dulaglutide tudorza=aclidinium voraxaze=glucarpidase xalkori=crizotinib zykadia=ceritinib "
        "zydelig=idelalisib zytiga=abiraterone actemra=tocilizumab akynzeo=netupitant anoro=umeclidinium arcalyst=rilonacept "
        "asclera=polidocanol aubagio=teriflunomide brilinta=ticagrelor belviq=lorcaserin caprelsa=vandetanib "
        "cyramza=ramucirumab daliresp=roflumilast edurant=rilpivirine erivedge=vismodegib effient=prasugrel egrifta=tesamorelin "
        "ella=ulipristal entyvio=vedolizumab esbriet=pirfenidone fycompa=perampanel gattex=teduglutide impavido=miltefosine "
        "istodax=romidepsin iclusig=ponatinib jakafi=ruxolitinib jetrea=ocriplasmin juxtapid=lomitapide "
        "keytruda=pembrolizumab krystexxa=pegloticase kynamro=mipomersen linzess=linaclotide livalo=pitavastatin "
        "luzu=luliconazole lynparza=olaparib movantik=naloxegol myalept=metreleptin myrbetriq=mirabegron nucynta=tapentadol "
        "natroba=spinosad nplate=romiplostim onglyza=saxagliptin opdivo=nivolumab ofev=nintedanib osphena=ospemifene "
        "perjeta=pertuzumab pomalyst=pomalidomide sabril=vigabatrin samsca=tolvaptan sivextro=tedizolid stelara=ustekinumab "
        "surfaxin=lucinactant sylvant=siltuximab synribo=omacetaxine savella=milnacipran stivarga=regorafenib "
        "striverdi=olodaterol tradjenta=linagliptin votrient=pazopanib vibativ=telavancin xarelto=rivaroxaban "
        "zioptan=tafluprost"
    ).split()
)
