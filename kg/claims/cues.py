import re
from kg.claims.sights import Sight
W = r"[\w’'/+-]+"
PROP = (r"(?:propos(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|present(?:s|ed|ing)?|develop(?:s|ed|ing)?|design(?:s|ed|ing)?"
    r"|devis(?:e|es|ed|ing)|construct(?:s|ed|ing)?|build(?:s|ing)?|creat(?:e|es|ed|ing)|releas(?:e|es|ed|ing)|formulat(?:e|es|ed|ing)"
    r"|describ(?:e|es|ing)|contribut(?:e|es|ing)|establish(?:es|ing)?|suggest(?:s|ing)?|put forward|deriv(?:e|es|ed|ing)|advocat(?:e|es)|announc(?:e|es)|unveil(?:s)?|defin(?:e|es|ing)|curat(?:e|es|ed|ing)|collect(?:s|ed|ing)?|contribute|publish|offer)")
NP = rf"(?:(?!(?:on|for|in|with|using|as|by|when|at|via|where|while|which|that|and|or|to|is|are|can|has|have)\b)(?:{W}|⟨\w+⟩)(?:,\s+|\s+|\s*\())" + r"{0,6}"
EX = r"(?:\s*(?:[^.;⟨⟩]|⟨\w+⟩){0,60}?\b(?:such as|like|including|e\.g\.,?|namely|i\.e\.,?|based on|:)\s+(?:the |a |an )?)"
NPX = rf"(?:{NP}|{EX})"
BEATS = r"(?:outperform\w*|surpass\w*|beat(?:s|ing)?|exceed(?:s|ing|ed)?|outpac\w+|outclass\w*|improv(?:es|ing|e|ed) (?:up)?(?:on|over))"
GAIN = r"(?:(?:better|superior|improv\w+|gains?|faster|speed-?ups?|speedups?|advantages?|superiority|reductions?|margins?|boost|increase|higher|favou?rabl[ey])\b[^.;]{0,40}?\b(?:over|to))"
BEFORE = {
"called": r"\b(?:called|named|termed|dubbed|coined|we (?:call|name|term|dub)(?:\s+\w+){0,3}|refer(?:red)? to (?:\w+ ){0,3}as|name(?: it)?|short for|denoted (?:as|by)|abbreviated as)\s*(?:the|a|an|as|by)?\s*$",
"namely": r"\b(?:namely|i\.e\.),?\s*(?:the|a|an)?\s*$",
"propose": rf"\b{PROP}\s+(?:the\s+|our\s+)?$",
"propose a": rf"\b{PROP}\s+(?:a|an|two|three|several|another)\s+$",
"propose a new": rf"\b{PROP}\s+(?:a|an|the|two|three|several|our)?\s*(?:{W},?\s+){{0,4}}?(?:novel|new|first|simple|efficient|unified|principled|lightweight|general|effective|large-scale|comprehensive|innovative)\s+(?:{W}[, ]\s*){{0,3}}$",
"propose near": rf"\b(?:we|paper|work|article|study|authors)\s+(?:\w+ ){{0,2}}{PROP}\s+[^.;:⟨]{{0,60}}$",
"propose far": rf"\b(?:we|paper|work|article|study|authors)\s+(?:\w+ ){{0,2}}{PROP}\s+[^.;]{{60,140}}$",
"propose name": rf"\b{PROP}\s+[^.;]{{0,40}}⟨\w+⟩[^.;]{{0,100}}$",
"new": rf"\b(?:novel|new|innovative)\s+(?:{W}\s+){{0,2}}$",
"first": rf"\b(?:the|a) first\s+(?:{W}\s+){{0,2}}$",
"our": rf"\bour\s+(?:own\s+|proposed\s+|new\s+|novel\s+|final\s+|full\s+|\w+ (?:method|approach|model|framework|algorithm),?\s+|(?:method|approach|model|framework|algorithm|system),?\s+)*$",
"our near": rf"\bour\s+(?:{W}\s+){{1,2}}$",
"proposed": rf"\b(?:newly |the |our |this )?proposed\s+(?:{W}\s+){{0,2}}$",
"effect of": r"\b(?:effectiveness|superiority|efficacy|advantages?|benefits?|validity|usefulness|utility|potential|generality|versatility|merits?|capabilit(?:y|ies)) of\s+(?:the |our |using )?$",
"show that": r"\b(?:show|demonstrat|indicat|reveal|verif|confirm|prov|validat|find|illustrat|observ|suggest)(?:e|es|s|ing|ed|y|ies)?\s+(?:that\s+)?(?:our |the )?$",
"opening adverb": r"^\s*(?:specifically|notably|moreover|furthermore|in particular|additionally|finally|empirically|theoretically|concretely|to this end|in addition|crucially|importantly|experimentally|besides|in experiments|as a result|overall|thus|extensive \w+ on [^,]*|in summary|at its core|to address \w+ [^,]{0,40}|technically|first|second|then|next|therefore|by doing so|to \w+ [^,⟨]{0,60})\s*,\s*(?:our |the )?$",
"opening": r"^\s*(?:the |a |an |our )?$",
"numbered": r"(?:\(\s*(?:\d|i+|iv|v|[a-d])\s*\)|\b\d\)|\b(?:first|second|third|one|other)(?:ly)?,?|:|components?,?|modules?,?|(?:consists?|comprises?|composed|comprising|consisting)(?: of)?|equipped with|introduc\w+|incorporat\w+|develop\w*|design\w*)\s*(?:is |are )?(?:a|an|the|novel|new)?\s*$",
"with a": r"\b(?:with|via|through|using|by|employ(?:s|ing)?|incorporat(?:e|es|ing)|introduc(?:e|es|ing)|and|integrat(?:e|es|ing)|leverag(?:e|es|ing)|utiliz(?:e|es|ing)) (?:a|an)\s+$",
"based on": rf"\b(?:based|built|building|builds|build|relies|rely|relying|grounded|founded|inspired|motivated|powered|driven|depends?|trained|pretrained|fine-tuned|initialized)\s+(?:up)?(?:on|by|from|with)\s+(?:{W}\s+){{0,3}}$",
"use": rf"\b(?:using|use|uses|used|employ(?:s|ing|ed)?|leverag(?:e|es|ing)|utiliz(?:e|es|ing)|utilis(?:e|es|ing)|adopt(?:s|ing|ed)?|appl(?:y|ies|ying)|exploit(?:s|ing)?|incorporat(?:e|es|ing)|integrat(?:e|es|ing)|combin(?:e|es|ing|ation of)|extend(?:s|ing)?|adapt(?:s|ing)?|borrow\w*|harness\w*|equip\w*)\s+(?:{W}\s+){{0,3}}$",
"via": rf"\b(?:via|through|by|with|from)\s+(?:a |an |the )?(?:{W}\s+){{0,2}}$",
"such as": r"\b(?:such as|like|including|include|includes|e\.g\.,?|for example,?|for instance,?|namely|i\.e\.,?)\s+(?:the )?$",
"others such as": r"\b(?:existing|previous|prior|recent|traditional|conventional|current|common|popular|most|many|classical?|methods|approaches|techniques|models|algorithms|baselines)\b[^.;]{0,60}\b(?:such as|like|including|e\.g\.,?)\s+(?:the )?$",
"beats": rf"\b{BEATS}\s+{NPX}$",
"beats loose": rf"\b{BEATS}\b[^.;]{{0,100}}$",
"gain over": rf"\b{GAIN}\s+{NPX}$",
"over": rf"\bover\s+{NPX}$",
"than": rf"\bthan\s+(?:(?:that|those) (?:of|by|from|with) |(?:for|by|in|with|using|when using|when) )?{NPX}$",
"compared": rf"\b(?:compar(?:e|ed|es|ing|ison|isons)|relative)\s+(?:favou?rably |results |performance |well |it |them |\w+ )?(?:to|with|against)\s+(?:(?:that|those) of )?{NPX}$",
"compare with": rf"\b(?:compar(?:e|es|ing|ed)|evaluat(?:e|es|ed|ing)|benchmark\w*)\b[^.;]{{1,80}}\b(?:with|to|against)\s+{NPX}$",
"compare": rf"\b(?:compar(?:e|es|ing|ed|isons?|ative \w+)(?: of| between)?)\s+{NPX}$",
"comparable": rf"\b(?:comparabl[ey]|equivalent|similar|competitive(?:ly)?|on par|parity|match(?:es|ing)?|rival(?:s|ing)?|close|close)\s+(?:\w+\s+){{0,2}}(?:(?:to|with|of|against)\s+)?{NPX}$",
"unlike": rf"\b(?:unlike|contrary to|as opposed to|in contrast (?:to|with)|different(?:ly)? from|contrast(?:s|ing)? with|distinct from|differs? from|in comparison (?:to|with)|whereas|versus|vs\.?)\s+{NPX}$",
"while": r"(?:^|[,;]\s+)(?:while|whereas|although|though|but|however,?|yet)\s+(?:\w+\s+){0,2}$",
"instead": rf"\b(?:instead of|rather than|in place of|replac(?:e|es|ing)|replacement (?:of|for)|substitut\w+(?: for)?|alternatives? (?:to|for)|opposed to|beyond|bypass\w*|generaliz(?:es|ing))\s+{NPX}$",
"without": rf"\b(?:without|no need (?:for|of)|not requir\w+|avoid(?:s|ing)?|eliminat\w+|free of|nor|neither|no longer \w+|do(?:es)? not (?:use|rely on|require|need)|not)\s+(?:using |requiring |relying on |the need (?:for|of) |any )?{NP}$",
"against": rf"\bagainst\s+{NPX}$",
"between": r"\bbetween\s+(?:[^.;,]{0,40}\s)?$",
"improve it": rf"\b(?:improv(?:e|es|ing|ed|ements? (?:of|to))|enhanc(?:e|es|ing|ed)|boost(?:s|ing|ed)?|accelerat(?:e|es|ing)|speed(?:s)? up|generali[sz](?:e|es|ing|ation of)|extend(?:s|ing)?|extension (?:of|to)|strengthen(?:s)?|variants? of|version of)\s+(?:up)?(?:on |over )?(?:{W}\s+){{0,3}}$",
"sota": rf"\bstate[- ]of[- ]the[- ]art\s+(?:{W}\s+){{0,2}}$",
"existing": rf"\b(?:existing|previous|prior|current|other|earlier|competing|alternative|past)\s+(?:{W}\s+){{0,2}}$",
"standard": rf"\b(?:standard|vanilla|naive|plain|original|ordinary|pure|traditional|conventional|classical?|baseline|regular|typical|usual)\s+(?:{W}\s+){{0,1}}$",
"recent": rf"\b(?:recent|recently|modern|popular|emerging|widely[- ]used|common(?:ly used)?|most|many|well-known|established|dominant|prevailing)\s+(?:{W}\s+){{0,2}}$",
"baselines": r"\b(?:baselines?|competitors?|counterparts?)\b[^.;]{0,50}$",
"advances": rf"\b(?:advances?|advancements?|progress|success(?:es)?|developments?|breakthroughs?|rise|popularity|emergence|advent|era|interest|prevalence|capabilit(?:y|ies))\s+(?:of|in)\s+(?:{W}\s+){{0,3}}$",
"study": rf"\b(?:stud(?:y|ies|ying)|analy[sz](?:e|es|ing|is of)|investigat\w+|examin\w+|explor\w+|revisit\w*|understand\w*|consider\w*|focus(?:es|ing)? on|propert(?:y|ies) of|behaviou?r of|convergence of|theory of|dynamics of|evaluat\w+|interpret\w*|characteriz\w+|tackl\w+|address\w*|for|train(?:s|ing|ed)?(?: of)?|learn(?:s|ing)?(?: of)?|fine-tun\w+)\s+(?:{W}\s+){{0,3}}$",
"of": rf"\b(?:for|in|of|to|on)\s+(?:the |a |an |these |such |{W} )?$",
"on": r"\bon\s+(?:the |both |several |multiple |two |three |four |five |various )?(?:\w[\w-]* ){0,3}$",
"various": rf"\b(?:across|various|several|different|both|two|three|four|five|multiple|diverse|many|any)\s+(?:{W}\s+){{0,2}}$",
"applications": r"\b(?:applications?|areas?|fields?|domains?|problems|tasks|scenarios|use cases|downstream|industries|disciplines)\b[^.;]{0,50}(?:such as|like|including|from|in|e\.g\.,?|,)\s+$",
"crucial for": r"\b(?:crucial|essential|important|critical|fundamental|central|key|vital|useful|beneficial|necessary|potential|promising|valuable|applicable|applied|ubiquitous|widely used|applications?|role|popular|adopted|used|success|successful|effective)\s+(?:role\s+|step\s+|tool\s+|component\s+)?(?:in|for|to|of|as)\s+(?:\w+\s+){0,3}$",
"from data": rf"\b(?:from|derived from|built (?:up)?on|collected from|sourced from|extend(?:s|ing)?|subset of|based on|annotat\w+|images of|videos of)\s+(?:{W}\s+){{0,3}}$",
"train on": rf"\b(?:pre-?train\w*|train(?:s|ed|ing)?|fine-?tun\w+|finetun\w+)\b[^.;]{{0,40}}\b(?:on|with|from|using)\s+(?:{W}\s+){{0,3}}$",
"metric of": r"(?:\d|\b(?:terms of|achiev\w+|improv\w+|higher|lower|better|reduc\w+|increas\w+|gain\w*|measured by|in both|best|state-of-the-art|superior|high|low))\s*(?:the |in |\\?%|\w+ |an? |average |relative |absolute |\w+ly ){0,4}$",
"trade-off": r"\btrade-?offs?\b[^.;]{0,40}$",
"hurt": r"\b(?:low|poor|limited|high|slow|costly|suffer\w*|degrad\w+|expensive|lack\w*|loss of|due to|limit\w*|sacrific\w+|expense of|cost of|hinder\w*)\s+(?:\w+\s+){0,2}$",
}
AFTER = {
"apposition": r"\s*\)?\s*[,–—-]+\s*(?:which is )?(?:a|an|the first|our|another|two|one)\b",
"a new": r"\s*\)?\s*[,–—:-]+\s*(?:which is )?(?:a|an|the|our)\s+(?:\S+ ){0,4}?(?:novel|new|first|simple|efficient|effective|unified|general|framework|method|approach|large-scale|comprehensive|benchmark|dataset|corpus|model|algorithm)\b",
"is a": r"\s*\)?\s*(?:is|are)\s+(?:a|an|the|one)\b",
"is new": r"\s*\)?\s*(?:\w+\s+){0,2}is\s+(?:a|an|the)\s+(?:\S+ ){0,2}?(?:novel|new|first)\b",
"does": r"\s*\)?\s*(?:\S+ly\s+|also\s+|further\s+|first\s+|can\s+|then\s+|not only\s+|still\s+|thus\s+|itself\s+)*(?!(?:is|as|was|has|does|performs?|methods|models|algorithms|techniques|approaches|networks|baselines|systems|datasets|benchmarks|features|layers|agents|problems|tasks|this|results|policies|attacks|architectures|representations|embeddings|structures|designs|variants|classifiers|tools|losses|frameworks|pipelines|across)\b)[a-z]{2,}(?:es|[^s]s)\s+(?!\))",
"achieves": r"\s*\)?\s*(?:\S+ly\s+|also\s+|not only\s+|can\s+|is able to\s+|to\s+)*(?:achiev|outperform|surpass|obtain|attain|exhibit|improv|perform|beat|set|deliver|exceed|reach|yield|demonstrat|show)(?:es|s|e|ing)?\b",
"consists": r"\s*\)?\s*(?:\S+ly\s+|also\s+|first\s+)*(?:consists|comprises|introduces|incorporates|leverages|employs|utilizes|is able|is proposed|is designed|is introduced|is developed|is built|is trained|is based|uses|enables|integrates|combines|learns|exploits|adopts|takes|builds|contains|includes|provides|features|offers|covers|spans)\b",
"is proposed": r"\s*\)?\s*(?:\w+\s+){0,3}?(?:is|are)\s+(?:\w+\s+)?(?:proposed|introduced|presented|developed|designed|devised|formulated|constructed|created|built)\b",
"have": r"\s*\)?\s*(?:\w+\s+)?(?:have|has)\b",
"have become": r"\s*\)?\s*(?:\w+\s+){0,2}?(?:have|has)\s+(?:\w+ly\s+)?(?:been|become|shown|achieved|emerged|demonstrated|gained|attracted|received|made|proven|led|revolutioni[sz]ed|enabled)\b",
"fails": r"\s*\)?\s*(?:\w+\s+){0,2}?(?:\w+ly\s+)?(?:suffers?|fails?|struggles?|lacks?|ignores?|neglects?|tends? to|cannot|can not|is not|are not|do not|does not|requires?|rel(?:y|ies) on|remains?|is limited|are limited|is prone|are prone|is slow|incurs?|depends?|overlook\w*|assumes?|focus(?:es)?|treat)\b",
"methods": r"\s*\)?\s*[-]?(?:based\s+)?(?:\w+\s+)?(?:methods|approaches|techniques|algorithms|models|schemes|strategies|systems|architectures|networks|variants|solutions)\b",
"baseline": r"\s*\)?\s*(?:\w+\s+){0,2}?(?:baselines?|counterparts?|competitors?)\b",
"module": r"\s*\)?\s*(?:\w+\s+)?(?:module|strategy|mechanism|block|layer|component|scheme|unit|head|loss|procedure|objective)\b",
"framework": r"\s*\)?\s*(?:\w+\s+)?(?:framework|method|approach|algorithm|model|pipeline|paradigm|system|technique)\b",
"that": r"\s*\)?\s*,?\s*(?:that|which)\b",
"to do": r"\s*\)?\s*(?:\w+\s+)?,?\s*to\s+\w+",
"by number": r"[^.;]{0,60}\bby\b[^.;]{0,25}(?:\d|margin)",
"respectively": r"[^.;]{0,60}\brespectively\b",
"end": r"\s*\)?\s*[.!?|]*\s*$",
"based": r"[-\s]+based\b",
"for": r"\s*\)?\s*(?:\w+\s+)?for\b",
"on data": r"\s*\)?\s*(?:\w+\s+)?(?:on|across|in)\s+[^.;]{0,30}⟨dataset⟩",
"gerund": r"\s*,\s*(?:\w+ly\s+)?\w+ing\b",
"possessive": r"\s*[’']s\b",
"value": r"\s*(?:score|scores|rate|rates)?\s*(?:\(?of|by|from|is|at|to|:|=)?\s*(?:up to |over |about |around |more than |approximately |\$)*\d",
"dataset word": r"\s*\)?\s*(?:[\w-]+\s+){0,2}?(?:datasets?|benchmarks?|corp(?:us|ora)|test sets?|testbed|environments?|suite|challenge|leaderboard|collection)\b",
"containing": r"\s*\)?\s*,?\s*(?:(?:that|which)\s+)?(?:is|are|was)?\s*(?:contain\w*|compris\w+|consist\w*|includ\w+|featur\w+|cover\w*|with\s+(?:over |more than |about )?\d|compos\w+|annotat\w+|collect\w+|span\w*)\b",
"task word": r"\s*\)?\s*(?:[\w-]+\s+)?(?:tasks?|problems?|settings?|benchmarks?)\b",
"is hard": r"\s*\)?\s*(?:\w+\s+){0,2}?(?:is|are|remains?|aims?|refers?|seeks?|involves?|has been|plays?)\b",
}
WHOLE = {
"experiments": r"\b(?:experiment\w*|empirical\w*|results?|evaluat\w*|ablation\w*|simulations?)\b",
"superior": r"\b(?:outperform\w*|surpass\w*|superior\w*|better|beats?|beating|exceed\w*|faster|improv\w+ (?:over|upon)|state[- ]of[- ]the[- ]art|significant(?:ly)?)\b",
"we": r"\b(?:we|our|this paper|this work)\b",
"we propose": rf"\b(?:we|paper|work)\s+(?:\w+ ){{0,2}}{PROP}\b",
"however": r"\b(?:however|but|although|despite|while|yet|limitations?|limited|suffers?|fails?|struggles?|lack|challeng\w+|inefficient|impractical|expensive|difficult)\b",
"recently": r"\b(?:recent|recently|advances|advancements|progress|widely|popular|success|emerged|has been|have been|existing|previous|prior|many|most|often|typically|become|traditional|conventional)\b",
"number": r"\d+(?:\.\d+)?\s*\\?%|\d\.\d",
"compare word": r"\bcompar\w+\b",
"such as it": r"\bapplications?\b",
"dataset we make": rf"\b(?:{PROP})\b[^.;]{{0,60}}\b(?:dataset|benchmark|corpus|environment|suite|testbed|collection|simulator|database|data set)\b",
"metric we make": rf"\b(?:{PROP})\b[^.;]{{0,60}}\b(?:metrics?|measures?|score|index)\b",
"task we make": rf"\b(?:{PROP}|formali[sz]e|define)\b[^.;]{{0,40}}\b(?:tasks?|problem|setting|scenario|formulation)\b",
"available": r"\b(?:code|available|github|release)\b",
}
TITLE_VIA = re.compile(r"\b(?:via|with|using|by|through|based on|from)\s+(?:a |an |the )?(?:[\w-]+\s+){0,2}$")
TITLE_FOR = re.compile(r"\b(?:for|in|of|on|to)\s+(?:a |an |the )?(?:[\w-]+\s+){0,2}$")
TITLE_THEN = re.compile(r"^\s*\)?\s*(?:[\w-]+\s+)?(?:for|in|via|with|using|by)\b")
TITLE_STUDY = re.compile(r"\b(?:improving|towards?|understanding|rethinking|revisiting|analy\w+|learning|training|on the|accelerating|exploring|investigating|evaluating|study|efficient)\b")
NAME={
"name like": re.compile(r"^(?=\S+$)(?:.*[a-z][A-Z]|.*[A-Z].*[A-Z])"),
"plain name": re.compile(r"^[a-z0-9 '’\-]+$"),
"title case": re.compile(r"^[A-Z]\S* [A-Z]"),
"long name": re.compile(r"^\S+\s+\S+\s+\S+"),
"made name": re.compile(r"(?:-(?:aware|guided|driven|wise|enhanced|adaptive|oriented|level|consistent|specific|informed)\b|\b(?:dynamic|adaptive|hierarchical|progressive|cross-\w+|multi-\w+|dual|self-\w+|joint|\w+-\w+-\w+)\b)",re.I),
"component name": re.compile(r"(?:module|mechanism|strategy|loss|regulari[sz](?:ation|er)|objective|scheme|layer|block|head|network|Network|Module|Loss|constraint|unit)s?$"),
"family name": re.compile(r"(?:neural networks?|language models?|transformers?|transformer|learning|descent|models?|CNNs?|GANs?|LLMs?|RNNs?|LSTMs?|GNNs?|SGD|attention|machines?|regression|convolutions?|autoencoders?|agents?)$"),
"has number": re.compile(r"\d"),
}
B={k:re.compile(v) for k,v in BEFORE.items()};A={k:re.compile(v) for k,v in AFTER.items()};S={k:re.compile(v) for k,v in WHOLE.items()}

def near(s: Sight) -> set[str]:
    if s.in_title: return title(s)
    f={'<'+k for k,p in B.items() if p.search(s.before)}|{'>'+k for k,p in A.items() if p.match(s.after)}|{'~'+k for k,p in S.items() if p.search(s.whole)}
    f.add('background' if s.background else 'own part')
    if s.background and any(x in f for x in ('<beats','<than','<gain over','<compared')): f.add('bg compare')
    if any(x in f for x in ('<beats','<than','<gain over','<over','<compared','<compare with')) and not s.background:
        f.add('fg compare')
        if '~superior' in f or '~number' in f : f.add('fg win')
    if '<unlike' in f and not s.background: f.add('fg unlike')
    if '<existing' in f and not s.background: f.add('fg existing')
    if '>fails' in f and not s.background: f.add('fg fails')
    if '<such as' in f and s.background: f.add('bg such as')
    if s.background and (s.own or 0)-s.index>1: f.add('deep background')
    if s.index==0: f.add('first sentence')
    if s.index==s.count-1: f.add('last sentence')
    if s.own==s.index: f.add('pivot')
    if not s.background and s.index>=s.count*.5 and ('~experiments' in f or '~superior' in f or '~number' in f): f.add('report')
    if s.listed: f.add('listed')
    if s.bracketed: f.add('bracketed')
    return f
def title(s):
    t=s.mention.text.text; c=re.search(r":| [-–—] ",t); f={'title'}
    pre=t[:s.mention.start].strip(); post=t[s.mention.end:].strip()
    if c and s.mention.start<c.start():
        f.add('before colon')
        if not pre and re.match(r"[)]?\s*(?::|[-–—]|\()",post): f.add('is before colon')
    elif c: f.add('after colon')
    else: f.add('no colon')
    if not pre or pre.lower() in ('a','an','the','on'): f.add('title start')
    if not pre and not post: f.add('whole title')
    if not post: f.add('title end')
    if TITLE_VIA.search(s.before): f.add('title via')
    if TITLE_FOR.search(s.before): f.add('title for')
    if TITLE_THEN.search(s.after): f.add('title then')
    if TITLE_STUDY.search(s.before): f.add('title study')
    return f
def overall(ss, per):
    f=set(); ab=[s for s in ss if not s.in_title]
    if not ab: f.add('only title')
    elif all(s.background for s in ab): f.add('only background')
    elif any(s.background for s in ab): f.add('background and own')
    else: f.add('only own')
    n=len(ss); f.add('once' if n==1 else 'twice' if n==2 else 'often')
    if n>=5: f.add('very often')
    if len(ab)<len(ss) and ab: f.add('title and abstract')
    if len({s.index for s in ab})>=2 and not any(s.background for s in ab): f.add('own, several')
    for k,p in NAME.items():
        if any(p.search(s.mention.surface) for s in ss): f.add(k)
    if ab and min(s.index/max(1,s.count) for s in ab)>.6: f.add('late')
    if ab and all('<'+'beats' in p or '<than' in p or '<compared' in p or '<gain over' in p or '<unlike' in p or '<over' in p or '<existing' in p or '<compare with' in p for s,p in zip(ss,per) if not s.in_title): f.add('only compared')
    return f
