"""Small faults for a graph that is well made, and what is said of each.

A fault is a pattern, what every match of it becomes in the N-Triples text of `readings.lines()`, and a part of
one message.
"""

from __future__ import annotations

KG = "https://w3id.org/ml-kg/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
REMIX = "<https://w3id.org/ml-kg/paper/openreview:HklkeR4KPB>"

CORRUPTIONS = {
    "two titles": (
        r"(.*ontology#venue> )\"ICLR\" \.",
        rf'\g<0>\n{REMIX} <http://purl.org/dc/terms/title> "Another" .',
        "paper/openreview:HklkeR4KPB: A paper has exactly one title, as plain text. Here dcterms:title is 'Another'",
    ),
    "no title": (
        rf"^{REMIX} <http://purl.org/dc/terms/title> .*",
        "",
        "A paper has exactly one title, as plain text. Here dcterms:title is absent.",
    ),
    "identifier without scheme": (r'"hash:0123456789abcdef"', '"0123"', "each is written scheme:value"),
    "year as text": (rf'"2020"\^\^<{XSD}integer>', '"2020"', "A paper has at most one year, a whole number"),
    "a day that is not": (
        rf'"2020-01-01"\^\^<{XSD}date>',
        f'"2020-02-30"^^<{XSD}date>',
        "dcterms:issued is '2020-02-30', which is no xsd:date",
    ),
    "a month that is not": (
        rf'"2021-06"\^\^<{XSD}gYearMonth>',
        f'"2021-13"^^<{XSD}gYearMonth>',
        "dcterms:issued is '2021-13', which is no xsd:gYearMonth",
    ),
    "an anonymous author with a name": (
        r"(.*ontology#venue> )\"ICLR\" \.",
        rf"\g<0>\n{REMIX} <http://purl.org/dc/terms/creator> <https://w3id.org/ml-kg/person/ada-o-brien> .",
        "paper/openreview:HklkeR4KPB: A paper whose authors are anonymous has no creator.",
    ),
    "an author without a name": (
        r".*foaf/0.1/name> \"Ada O'Brien\" \.",
        "",
        "person/ada-o-brien: A person has a name, as plain text. Here foaf:name is absent.",
    ),
    "an address that is an IRI": (
        rf'"https://openreview.net/pdf\?id=HklkeR4KPB"\^\^<{XSD}anyURI>',
        "<https://openreview.net/pdf?id=HklkeR4KPB>",
        "The address of a PDF is an xsd:anyURI.",
    ),
    "a typing error in a property": (
        f"<{KG}evaluatesOn>",
        f"<{KG}evaluateOn>",
        "paper/hash:0123456789abcdef: kg:evaluateOn is no term of the ontology",
    ),
    "an unknown predicate": (
        f"#predicate> <{KG}evaluatesOn>",
        f"#predicate> <{KG}framework>",
        "A claim has exactly one predicate, one that papers say of entities. Here rdf:predicate is kg:framework.",
    ),
    "an entity without a label": (
        r".*prefLabel> \"CIFAR-10\" \.",
        "",
        "dataset/cifar-10: An entity has exactly one preferred label, as plain text. Here skos:prefLabel is absent.",
    ),
    "an entity of two kinds": (
        rf"^(<https://w3id.org/ml-kg/task/quantization> .*type>) <{KG}Task> \.",
        rf"\g<0>\n\1 <{KG}Metric> .",
        "task/quantization: An entity is of one kind; this one is a task and something else.",
    ),
    "a dataset that is none": (
        rf"^<https://w3id.org/ml-kg/dataset/imagenet> .*type> <{KG}Dataset> \.",
        "",
        "paper/hash:0123456789abcdef: What a paper evaluates on is a dataset. Here kg:evaluatesOn is ",
    ),
    "a claim of the wrong kind": (
        f"#predicate> <{KG}measures>",
        f"#predicate> <{KG}addresses>",
        "addresses metric/accuracy): The kind of a claim's object fits its predicate.",
    ),
    "too sure": (
        rf'"0.95"\^\^<{XSD}decimal>',
        f'"1.95"^^<{XSD}decimal>',
        "proposes method/remixmatch): What was found has exactly one confidence, a decimal from 0 to 1. Here kg:conf",
    ),
    "sure as text": (rf'"0.95"\^\^<{XSD}decimal>', '"0.95"', "What was found has exactly one confidence, a decimal"),
    "no extractor": (
        r".*<https://w3id.org/ml-kg/extractor/number> \.",
        "",
        "A result names its extractor. Here prov:wasGeneratedBy is absent.",
    ),
    "a claim that nobody declares": (
        rf".*claim/.*<{KG}declared> .*",
        "",
        "addresses task/image-classification): A claim rests on one sentence, with the stretch of the name in it, or",
    ),
    "a claim without a span": (
        rf"^<https://w3id.org/ml-kg/claim/\w+> <{KG}span> .*",
        "",
        "A claim rests on one sentence, with the stretch of the name in it, or on a source that declares it.",
    ),
    "a span in words": (
        rf'(/claim/\w+> <{KG}span>) "char=0,10"',
        r'\1 "0-10"',
        "proposes method/remixmatch): What was found is at one stretch of text, written char=start,end. Here kg:span",
    ),
    "a span the wrong way round": (
        rf'(/claim/\w+> <{KG}span>) "char=0,10"',
        r'\1 "char=10,0"',
        "proposes method/remixmatch): (10, 0) ends before it starts",
    ),
    "a span outside of the sentence": (
        rf'(/claim/\w+> <{KG}span>) "char=0,10"',
        r'\1 "char=0,999"',
        "proposes method/remixmatch): (0, 999) is not within its sentence, (0, 90)",
    ),
    "a sentence that is too short": (
        rf'(/sentence/\w+-0-90> <{KG}text>) "ReM',
        r'\1 "eM',
        "-0-90: it quotes 89 characters for the stretch 0 to 90",
    ),
    "a sentence that is not verbatim": (
        rf'(/sentence/\w+-0-90> <{KG}text>) "ReM',
        r'\1 "reM',
        "-0-90: paper/openreview:HklkeR4KPB does not say 'reMixMatch: Semi-Supervised",
    ),
    "a sentence in another field": (
        rf'(/sentence/\w+-0-90> <{KG}field>) "title"',
        r'\1 "abstract"',
        "-0-90: That a sentence is in the title is said so, or not said. Here kg:field is 'abstract'.",
    ),
    "a sentence of the title that does not say so": (
        rf'.*/sentence/\w+-0-90> <{KG}field> "title" .*',
        "",
        "-0-90: paper/openreview:HklkeR4KPB does not say 'ReMixMatch: Semi-Supervised",
    ),
    "a title that was changed later": (
        r'terms/title> "ReMixMatch: ',
        'terms/title> "Re-MixMatch: ',
        "-0-90: paper/openreview:HklkeR4KPB does not say 'ReMixMatch: Semi-Supervised",
    ),
    "a sentence of another paper": (
        rf"(/sentence/\w+-0-90> <{KG}paper>) {REMIX}",
        r"\1 <https://w3id.org/ml-kg/paper/hash:0123456789abcdef>",
        "is of another paper, paper/hash:0123456789abcdef",
    ),
    "a sentence that is missing": (
        r"^<https://w3id.org/ml-kg/sentence/\w+-0-90> .*",
        "",
        "proposes method/remixmatch): prov:wasDerivedFrom points at sentence/",
    ),
    "an entity that is missing": (
        r"^<https://w3id.org/ml-kg/task/model-compression> .*",
        "",
        "task/quantization: skos:broader points at task/model-compression, which is not in the graph",
    ),
    "a plain triple that no claim says": (
        r"(.*ontology#venue> )\"ICLR\" \.",
        rf"\g<0>\n{REMIX} <{KG}evaluatesOn> <https://w3id.org/ml-kg/dataset/imagenet> .",
        "paper/openreview:HklkeR4KPB: that it kg:evaluatesOn dataset/imagenet is stated, and no claim says so",
    ),
    "a mention that no sentence names": (
        rf".*<{KG}names> <https://w3id.org/ml-kg/method/mixmatch> .*",
        "",
        "that it kg:mentions method/mixmatch is stated, and no sentence names it",
    ),
    "a sentence that names a paper": (
        rf"(.*<{KG}names>) <https://w3id.org/ml-kg/method/mixmatch>",
        rf"\1 {REMIX}",
        "What a sentence names is an entity. Here kg:names is paper/openreview:HklkeR4KPB.",
    ),
    "a plain triple that every claim denies": (
        rf"(/claim/\w+>) <{KG}role> \"backbone\" \.",
        rf'\g<0>\n<https://w3id.org/ml-kg\1 <{KG}polarity> "negated" .',
        ": that it kg:uses method/resnet-18 is stated, and every claim denies it",
    ),
    "a mention beside a finer claim": (
        r"(.*ontology#venue> )\"ICLR\" \.",
        rf"\g<0>\n{REMIX} <{KG}mentions> <https://w3id.org/ml-kg/dataset/cifar-10> .",
        "paper/openreview:HklkeR4KPB: that it kg:mentions dataset/cifar-10 is stated, and more is stated too",
    ),
    "a result that is text": (
        rf'<{KG}value> "93.73"\^\^<{XSD}decimal>',
        f'<{KG}value> "93.73"',
        "A result has exactly one value, a decimal. Here kg:value is '93.73'.",
    ),
    "a result that is no number": (
        rf'<{KG}value> "93.73"',
        f'<{KG}value> "about 94"',
        "kg:value is 'about 94', which is no xsd:decimal",
    ),
    "a comparator of one's own": (rf'<{KG}comparator> "range"', f'<{KG}comparator> "from"', "one of =, <, > and range"),
    "a range without its end": (
        rf"^.*/result/\w+> <{KG}upper> .*",
        "",
        "A result has an upper bound if it is a range, and only then.",
    ),
    "a range upside down": (
        rf'<{KG}upper> "4"',
        f'<{KG}upper> "1"',
        "The value of a result is not above its upper bound. Here kg:value is '2'.",
    ),
    "a metric that is a dataset": (
        rf"<{KG}metric> <https://w3id.org/ml-kg/metric/memory>",
        f"<{KG}metric> <https://w3id.org/ml-kg/dataset/imagenet>",
        "A result is measured by exactly one metric. Here kg:metric is dataset/imagenet.",
    ),
    "a result without a sentence": (
        r".*/result/\w+> .*wasDerivedFrom> .*",
        "",
        "A result rests on one sentence, with the stretch of its number in it, or on a source that declares it.",
    ),
    "papers that do not add up": (
        rf'<{KG}papersRejected> "1"',
        f'<{KG}papersRejected> "0"',
        "source/a7a7a7a7a7a7a7a7: 4 papers read are not 2 accepted + 1 merged + 0 rejected",
    ),
    "a source without its format": (rf".*<{KG}format> \"jsonl\" \.", "", "A source has exactly one format."),
    "a listing without its count": (rf".*<{KG}paperCount> .*", "", "A listing counts its papers, once."),
    "a nameless extractor": (r".*extractor/title> .*label> .*", "", "An extractor has exactly one name."),
    "a build with two versions": (
        rf"(.*<{KG}version>) .*",
        r'\g<0>\n\1 "9" .',
        "A build has exactly one version. Here kg:version is '0.1.0', '9'.",
    ),
}
