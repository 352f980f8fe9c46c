"""Pairs of drugs' names that have been taken for each other, of the kind that medication-safety bodies list."""

PAIRS = tuple(
    tuple(pair.split("/"))
    for pair in (
        "prednisone/prednisolone Celebrex/Celexa hydroxyzine/hydralazine Lamictal/Lamisil Zantac/Xanax vinblastine/vincristine "
        "Tazocin/pentazocine romosozumab/denosumab Zantac/Zyrtec Celebrex/Cerebyx Diovan/Dioval Losec/Lasix Fosamax/Flomax "
        "Cozaar/Zocor Keppra/Kaletra Lunesta/Neulasta tramadol/trazodone Toradol/tramadol clonidine/clonazepam Klonopin/clonidine "
        "metformin/metronidazole chlorpropamide/chlorpromazine cycloserine/cyclosporine daunorubicin/doxorubicin "
        "idarubicin/doxorubicin epirubicin/idarubicin dobutamine/dopamine glipizide/glyburide hydrocodone/oxycodone "
        "sulfadiazine/sulfasalazine sumatriptan/zolmitriptan tizanidine/tiagabine rifampin/rifaximin rifampicin/rifamycin "
        "quinine/quinidine amiloride/amlodipine ephedrine/epinephrine fluoxetine/paroxetine duloxetine/fluoxetine "
        "penicillin/penicillamine cefotetan/cefoxitin cefotaxime/cefuroxime ceftazidime/ceftizoxime cefixime/cefepime "
        "lamivudine/lamotrigine nicardipine/nifedipine nimodipine/nifedipine carbamazepine/oxcarbazepine "
        "pentobarbital/phenobarbital tolazamide/tolbutamide Tegretol/Trental Zestril/Zetia Novolog/Novolin Humalog/Humulin "
        "bupropion/buspirone captopril/carvedilol cisplatin/carboplatin etidronate/etretinate fentanyl/sufentanil "
        "folic/folinic lorazepam/alprazolam clonazepam/lorazepam diazepam/Ditropan levothyroxine/liothyronine "
        "methylprednisolone/medroxyprogesterone mifepristone/misoprostol nelfinavir/nevirapine Paxil/Plavix Paxil/Taxol "
        "propofol/propranolol primidone/prednisone Prozac/Prograf Prilosec/Prozac Reminyl/Amaryl risperidone/ropinirole "
        "Taxol/Taxotere terbinafine/terbutaline valacyclovir/valganciclovir ganciclovir/acyclovir Viracept/Viramune "
        "Wellbutrin/Wellferon Zyprexa/Zyrtec Zyvox/Zovirax azacitidine/azathioprine sitagliptin/saxagliptin "
        "digoxin/digitoxin dexamethasone/betamethasone olmesartan/telmisartan losartan/valsartan infliximab/rituximab "
        "sorafenib/sunitinib sorafenib/regorafenib dasatinib/nilotinib afatinib/axitinib alirocumab/evolocumab "
        "ticagrelor/ticlopidine ribavirin/riboflavin thiamine/thymine Mirapex/MiraLAX Ultracet/Ultracef Evista/Avinza "
        "Serzone/Seroquel Lanoxin/Levoxine Nexavar/Nexium Actonel/Actos Coumadin/Avandia Aricept/Aciphex "
        "abaloparatide/teriparatide ibandronate/risedronate pamidronate/alendronate raloxifene/tamoxifen itraconazole/isavuconazole "
        "terconazole/tioconazole omeprazole/esomeprazole lansoprazole/pantoprazole desipramine/imipramine trimipramine/imipramine "
        "fluocinonide/fluocinolone prazosin/terazosin metolazone/methimazole hydromorphone/morphine oxymorphone/hydromorphone"
    ).split()
)
