"""Web pages of the usual shapes, written for the tests: what in them is content, and what is furniture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page; each text of `content` has to be quotable, each of `furniture` greyed."""

    html: str
    content: tuple[str, ...]
    furniture: tuple[str, ...]


CHAPTER = Page(
    """<!doctype html><html lang="en"><head><title>Examplol - DrugTox - Example Bookshelf</title>
<meta name="citation_title" content="Examplol"><meta name="citation_date" content="2021/03/09"></head><body>
<div id="skip"><a href="#main">Skip to main content</a></div>
<div class="header"><ul class="nav-list"><li>Browse titles</li><li>Advanced search</li></ul></div>
<div class="post-content"><div class="meta-content"><p>DrugTox [Internet]. Example City: Example Institute; 2012-.</p></div>
<h1 id="t1"><span>Examplol</span></h1><p class="small">Last Update: <span itemprop="dateModified">March 9, 2021</span>.</p>
<h2 id="s1">OVERVIEW</h2><h3>Introduction</h3><p>Examplol is an inhibitor of example kinase that is used for example fever.</p>
<h3>Hepatotoxicity</h3><p>Serum enzymes rise in 4% of patients, and in 1% above 5 times the upper limit.</p>
<p>Likelihood score: D (possible rare cause of liver injury).</p>
<h2 id="s2">PRODUCT INFORMATION</h2><table><tr><th>Brand</th><th>Maker</th></tr><tr><td>Examplex</td><td>Example Labs</td></tr></table>
<h2 id="s3">ANNOTATED BIBLIOGRAPHY</h2><dl><dt>1.</dt><dd>Doe J. Liver and examplol. J Ex 2018; 4: 1-9.</dd></dl></div>
<div class="sidebar"><h2>Views</h2><ul><li>PubReader</li><li>Print View</li></ul><h2>Recent Activity</h2><p>Your browsing activity is empty.</p></div>
<div id="footer"><p>Follow the Institute</p><p>Example Institute, 1 Example Street</p></div></body></html>""",
    ("Serum enzymes rise in 4% of patients", "Likelihood score: D (possible", "Examplex | Example Labs", "is an inhibitor of example kinase"),
    ("Browse titles", "Your browsing activity is empty.", "Print View", "Follow the Institute"),
)  # fmt: skip
DRUG = Page(
    """<!DOCTYPE html><html lang="en"><head><title>Examplol: ExamplePlus Drug Information</title></head><body>
<div class="banner">Official website of an example government</div><nav><ul><li>Health Topics</li><li>Drugs &amp; Supplements</li></ul></nav>
<div id="mplus-content"><div class="breadcrumbs"><a>Home</a> → <a>Drugs</a> → Examplol</div><h1 class="with-also">Examplol</h1>
<span class="alsocalled">pronounced as (ex am' ploll)</span>
<section><div class="section"><div class="section-header"><div class="section-title"><h2>Why is this medication prescribed?</h2></div>
<div class="section-button"><button>Collapse Section</button></div></div><div class="section-body"><p>Examplol treats example fever.</p></div></div></section>
<section><div class="section"><div class="section-title"><h2>How should this medicine be used?</h2></div><div class="section-body">
<p>Take examplol once a day. Do not take more or less of it than your doctor prescribed.</p>
<h3>Tell your doctor if you have:</h3><ul><li>liver disease</li><li>been told that your blood is thin</li></ul></div></div></section>
<div class="social-share"><span>Share</span><span>Email this page</span></div></div>
<footer><p>Get updates</p><p>Page last updated: 9 March 2021</p></footer></body></html>""",
    ("Examplol treats example fever.", "Do not take more or less of it", "liver disease", "been told that your blood is thin"),
    ("Health Topics", "Collapse Section", "Email this page", "Get updates"),
)  # fmt: skip
GUIDELINE = Page(
    """<!doctype html><html><head><title>Recommendations | Example fever | Guidance | Example Council</title></head><body>
<div class="cookie-banner"><p>We use cookies to improve this service.</p><button>Accept</button></div>
<header class="site-header"><a>Example Council</a><form role="search"><input><button>Search</button></form></header>
<div class="container"><div class="row"><aside class="in-page-nav"><ol><li><a>Overview</a></li><li><a>Recommendations</a></li></ol></aside>
<div class="chapter"><h2 class="title">Recommendations</h2><div class="section"><h3 class="title">1.1 First choice</h3>
<div class="recommendation"><h4 class="rec-number">1.1.1</h4><p>Offer examplol to adults with example fever. [2021]</p></div>
<div class="recommendation"><h4 class="rec-number">1.1.2</h4><p>Do not offer examplol to people who: </p><ul><li><p>are pregnant <b>or</b></p></li>
<li><p>have severe renal impairment.</p></li></ul></div>
<table class="table"><caption>Dose by kidney function</caption><thead><tr><th rowspan="2">Kidneys</th><th colspan="2">Dose</th></tr>
<tr><th>Day 1</th><th>From day 2</th></tr></thead><tbody><tr><th>Mild</th><td>40 mg</td><td>20 mg</td></tr>
<tr><th>Severe</th><td>10 mg</td><td>5 mg</td></tr></tbody></table></div></div></div></div>
<div class="related-links"><h3>Related topics</h3><ul><li>Another fever</li></ul></div>
<div class="footer-wrap"><p>© Example Council. All rights reserved.</p></div></body></html>""",
    ("Offer examplol to adults with example fever.", "have severe renal impairment.", "Severe | 10 mg | 5 mg", "Mild | 40 mg | 20 mg"),
    ("We use cookies to improve this service.", "Another fever", "All rights reserved."),
)  # fmt: skip
BLOG = Page(
    """<!doctype html><html lang="en-GB"><head><title>What to know about examplol</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"MedicalWebPage","dateModified":"2023-05-04T10:00:00+00:00",
"publisher":{"@type":"Organization","name":"Example Health"},"inLanguage":"en-GB","lastReviewed":"2023-05-01"}</script></head>
<body class="post-template has-sidebar"><div id="menu" class="main-menu"><a>Conditions</a><a>Wellness</a></div>
<article><h1>What to know about examplol</h1><div class="byline">By Jane Doe</div>
<p>People take examplol by mouth, with or without food.</p><h2>Side effects</h2><p>Common side effects include:</p>
<ul><li>headache</li><li>a dry mouth</li></ul><div class="newsletter-signup"><p>Get our weekly letter.</p></div>
<p>Fewer than 1 in 100 people faint.</p></article>
<div class="related-posts"><h3>You may also like</h3><ul><li>Seven teas for spring</li></ul></div>
<div class="comments"><h3>2 comments</h3><p>It made me dizzy, says a reader.</p></div></body></html>""",
    ("with or without food.", "headache", "a dry mouth", "Fewer than 1 in 100 people faint."),
    ("Conditions", "Get our weekly letter.", "Seven teas for spring", "It made me dizzy, says a reader."),
)  # fmt: skip
ENCYCLOPEDIA = Page(
    """<!doctype html><html lang="en"><head><title>Examplol – Example Encyclopedia</title></head><body>
<div id="mw-navigation"><ul><li>Main page</li><li>Random article</li></ul></div><main id="content"><h1>Examplol</h1>
<table class="infobox"><caption>Examplol</caption><tr><th>Trade names</th><td>Examplex</td></tr><tr><th>Half-life</th><td>6–8 hours</td></tr></table>
<p><b>Examplol</b> is a medication used for example fever.<sup id="r1"><a href="#n1">[1]</a></sup> Cultures held 10<sup>6</sup> cells/mL.</p>
<div id="toc" class="toc"><h2>Contents</h2><ul><li>1 Medical uses</li></ul></div>
<h2>Medical uses</h2><p>It is given at 40&nbsp;mg once daily.</p>
<h2>References</h2><ol class="references"><li id="n1">Doe J. On examplol. 2018.</li></ol></main>
<div id="catlinks"><p>Categories: Example drugs</p></div></body></html>""",
    ("is a medication used for example fever.", "Half-life | 6–8 hours", "40\xa0mg once daily", "10⁶ cells/mL"),
    ("Random article", "1 Medical uses", "Categories: Example drugs"),
)  # fmt: skip
BARE = Page(
    """<html><body><table width="100%"><tr><td valign="top"><a href="a">Home</a><br><a href="b">Drugs</a></td><td>
<h1>Examplol</h1><p>Examplol must not be given with grapefruit juice.</p><p>Dose: 40 mg.</p></td></tr></table></body></html>""",
    ("must not be given with grapefruit juice.", "Dose: 40 mg."),
    (),
)
ACCORDION = Page(
    """<!doctype html><html lang="en"><head><title>Examplol – Example Health Service</title></head><body>
<header role="banner"><button aria-expanded="false" aria-controls="menu">Menu</button><nav id="menu"><a>Medicines A to Z</a></nav></header>
<main id="maincontent"><h1><span>Examplol</span> <span class="visually-hidden">medicine</span></h1>
<div class="warning-callout"><h3><span role="text"><span class="visually-hidden">Important: </span>Warning</span></h3><p>Do not drive after a dose of examplol.</p></div>
<div class="accordion"><h2 class="accordion-header"><button aria-expanded="false" aria-controls="p1">Who can take examplol</button></h2>
<div id="p1" class="accordion-collapse collapse" aria-hidden="true"><p>Do not take examplol if you are pregnant.</p></div>
<h2 class="accordion-header"><button aria-expanded="false" aria-controls="p2">Dosage</button></h2>
<div id="p2" class="accordion-panel" style="display: none;"><p>The usual dose is 40 mg<span aria-hidden="true"> × </span>2 a day.</p></div></div>
<details><summary>Missed doses</summary><p>Never take 2 doses at the same time.</p></details>
<aside class="callout"><p>Call your doctor if your skin turns yellow.</p></aside>
<aside><h2>Related medicines</h2><ul><li><a>Testamine</a></li><li><a>Placebine</a></li></ul></aside></main>
<div class="modal" aria-hidden="true"><p>Take our survey</p></div><footer role="contentinfo"><p>Example Health Service homepage</p></footer></body></html>""",
    ("Do not drive after a dose", "Do not take examplol if you are pregnant.", "40 mg × 2 a day", "Never take 2 doses", "if your skin turns yellow."),
    ("Medicines A to Z", "Placebine", "Take our survey", "Example Health Service homepage"),
)  # fmt: skip
LABEL_PAGE = Page(
    """<!DOCTYPE html><html lang="en"><head><title>DailyExample - EXAMPLEX- examplol tablet</title></head><body>
<div id="header" class="header"><div class="search"><form><input name="q"><button>Search</button></form></div><ul class="nav"><li><a>All drugs</a></li></ul></div>
<div class="wrapper has-sidebar"><div class="title-toolbar"><ul><li><a>Download label</a></li></ul></div><h1 id="drug-label">EXAMPLEX- examplol tablet</h1>
<div class="drug-label-sections"><ul><li class="section"><a class="toggle" href="#s">DOSAGE AND ADMINISTRATION</a>
<div class="Section toggle-content closeup" style="display:none"><h2>2 DOSAGE AND ADMINISTRATION</h2><p class="First">The dose is 40 mg/m<sup>2</sup> once daily <dfn>[see <a href="#x">Clinical Pharmacology (12.3)</a>]</dfn>.</p>
<table width="100%"><caption><span>Table 1: Dose by kidney function</span></caption><thead><tr><th>CLcr (mL/min)</th><th>Dose</th></tr></thead>
<tfoot><tr><td colspan="2">CLcr: creatinine clearance</td></tr></tfoot>
<tbody><tr><td>≥ 60</td><td>40 mg</td></tr><tr><td>30 to 59</td><td>20 mg<sup>a</sup></td></tr></tbody></table></div></li></ul></div></div>
<div class="sidebar"><h3>Related resources</h3><ul><li><a>Report adverse events</a></li></ul></div><div class="footer"><ul><li><a>About DailyExample</a></li></ul></div></body></html>""",
    ("40 mg/m² once daily", "30 to 59 | 20 mgᵃ", "≥ 60 | 40 mg", "CLcr: creatinine clearance"),
    ("All drugs", "Download label", "Report adverse events", "About DailyExample"),
)  # fmt: skip
PAPER = Page(
    """<!doctype html><html lang="en"><head><title>Examplol in adults - Example Central</title><meta name="citation_journal_title" content="J Ex"></head><body>
<div class="usa-banner"><p>An official website of an example government</p></div><header class="header"><a>Example Central</a></header>
<main id="main-content"><article><section class="front-matter"><div class="citation">J Ex. 2021;4(2):10.</div><hgroup><h1>Examplol in adults</h1></hgroup></section>
<section class="abstract"><h2>Abstract<a class="headerlink" href="#a">¶</a></h2><p><strong>Results:</strong> Of 10<sup>3</sup> adults, 31% improved<sup>1,2</sup>.</p></section>
<section id="s2"><h2>Methods</h2><p>We gave <math><msup><mn>10</mn><mn>6</mn></msup></math> units.</p>
<section class="tw"><h3>Table 1.</h3><div class="caption"><p>Doses</p></div><table><tr><th>Group</th><th>Dose</th></tr><tr><th colspan="2">Adults</th></tr><tr><td>light</td><td>5 mg</td></tr>
<tr><th colspan="2">Children</th></tr><tr><td>light</td><td>2 mg</td></tr></table></section>
<dl><dt>Primary outcome</dt><dd>Fever at day 3</dd></dl></section>
<section class="ref-list"><h2>References</h2><ul><li><span class="label">1.</span><cite>Doe J. On fever. J Ex. 2019;1:2.</cite></li></ul></section></article>
<aside class="pmc-sidebar"><h2>Similar articles</h2><ul><li><a>Testamine in adults</a></li></ul></aside></main><footer><p>Follow Example Central</p></footer></body></html>""",
    ("Of 10³ adults, 31% improved¹,²", "10⁶ units", "Adults › light | 5 mg", "Children › light | 2 mg", "Fever at day 3"),
    ("An official website", "Testamine in adults", "Follow Example Central"),
)  # fmt: skip
PAGES = {
    "chapter": CHAPTER,
    "drug": DRUG,
    "guideline": GUIDELINE,
    "blog": BLOG,
    "encyclopedia": ENCYCLOPEDIA,
    "bare": BARE,
    "accordion": ACCORDION,
    "label page": LABEL_PAGE,
    "paper": PAPER,
}
