"""Every number that changes an answer, with its unit and the run that chose it (benchmarks/JOURNAL.md)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The numbers that an index is built with; another value means another index."""

    rules: int = 6  # raised when segment.py or a reader cuts otherwise: the next run cuts every document anew
    item_chars: int = 600  # characters; a list item up to this length is one unit, a longer one its sentences
    run_on_chars: int = 250  # characters; a stretch without full stops beyond this is looked at for clauses
    sentence_chars: int = 1500  # characters; a longer "sentence" is a table or a list that lost its layout
    passage_tokens: int = 200  # word pieces; all-MiniLM-L6-v2 reads 256 with title and headings
    repeated_documents: int = 5  # that hold one and the same disclaimer or menu line, from which on it is never quoted
    exact_passages: int = 150_000  # a segment of up to so many compares all; a larger one the nearest lists
    centroid_rounds: int = 10  # of k-means, for the lists of a large segment
    centroid_sample: int = 40  # passages a list that k-means sees


@dataclass(frozen=True, slots=True)
class Wording:
    """The numbers by which names and misspellings are told; chosen 2026-11-24 on SciFact, BioASQ, MedQuAD and real typos."""

    abbreviation_share: float = (
        0.5  # of the documents that define a short form: a long form that more of them give is added
    )
    both_ways_share: float = 0.9  # of them: from which on the short form is also added where the long one is typed
    brand_share: float = 0.8  # of the documents that state a brand, least one for the generic name that is believed
    beginning: int = 7  # letters that an unknown word shares with one of the corpus, to be its form and no name
    object_specificity: float = (
        0.98  # least of a word that is the subject where its dose is asked for: "heroin", no "tablet"
    )
    clinical: float = 0.97  # least specificity of a word that is explained to a patient
    shortest_correction: int = 4  # letters; a shorter word is never what was meant
    shortest_misspelt: int = 5  # letters; a shorter word is never corrected
    long_word: int = 6  # letters, from which on any one slip is mended; see the journal of 2026-11-24
    long_name: int = 8  # letters, likewise for a letter too many or missing in what may be the name of a drug
    longer_name: int = 10  # letters, likewise for a consonant in place of another
    two_slips: int = 9  # letters, from which on two slips in vowels or doubled letters are mended
    two_slips_asked: int = 8  # letters, from which on the reader is asked about any two slips
    asked: int = 3  # words suggested at most


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of search and answering. The same index, settings and question give the same answer."""

    # Search
    candidates: int = 100  # passages taken from each of the dense and the lexical ranking
    probed_share: float = 0.03  # of a large segment's lists that are looked at
    least_probed: int = 160  # lists; chosen by recall@100, see the journal of 2026-11-22
    refined: int = 2  # times `candidates`: proposed by codes of one byte, then compared by their stored vectors
    filtered_share: float = 0.05  # of a large segment's passages: a filter that leaves fewer is searched exactly
    dense_weight: float = 0.6  # share of the dense z-score in a passage's score; the lexical one has the rest
    expansion_weight: float = 0.4  # weight of an alias in BM25, shared among its stems; a typed stem has 1

    # Evidence
    evidence_passages: int = 12  # best passages whose units are looked at
    unit_dense_weight: float = 1.0  # of the standardised cosine of a unit
    unit_lexical_weight: float = 0.35  # of the standardised BM25 of a unit
    unit_passage_weight: float = 1.25  # of its passage's score
    unit_reach_weight: float = 1.0  # of the standardised share of the question that it covers with its headings
    unit_misfit_weight: float = 1.0  # taken off where a number, date, interval or name is asked for and none is in it

    # Choosing
    confidence_weight: float = 1.0  # of the log-odds that a candidate answers, added to its score
    excerpts: int = 5  # quotations shown at most
    judged: int = 24  # best candidates about the right subject whose confidence is computed
    follow_ups: int = 3  # suggested next questions
    choices: int = 5  # questions offered where one could mean several things
    use_name_specificity: float = 0.95  # least specificity 0..1 of a word that makes a phrase the name of a use
    use_words: int = 7  # words; a longer phrase names no use
    nearest: int = 3  # passages shown, marked as no answer, where the documents are silent
    use_overlap: float = 0.75  # share of stems (Jaccard) from which two statements speak of one use
    list_chars: int = 900  # characters; chosen items of one list up to this length are one quotation
    audience_bonus: float = 0.3  # added to the score of a source written for the audience asked for
    use_specificity: float = 0.8  # least specificity 0..1 of a word that ties two doses to one use
    topic_specificity: float = 0.75  # least specificity of a missing word that is named as the topic not covered

    # Abstention: weights of (1, unit cosine, passage cosine, reach, passage coverage, misfit, absent, BM25, score) in a
    # logistic model, fitted on the SQuAD half, the seeds' development questions and the golden cases (2026-11-22)
    confidence_dense: tuple[float, ...] = (-6.77, 4.47, 2.34, 3.29, 0.0, -3.0, 3.03, 0.0, 0.19)
    confidence_lexical: tuple[float, ...] = (-5.73, 0.0, 0.0, 10.06, 1.14, -2.7, 4.57, 0.0, 0.0)
    # Verdict: weights of (1, the fields of `Evidence` but the crowd) in a logistic model of whether the best candidate
    # answers; benchmarks.silence --fit (2026-11-24)
    verdict_dense: tuple[float, ...] = (-2.2, 0.34, 3.08, -0.7, -2.95, 0.88, -1.86)
    verdict_lexical: tuple[float, ...] = (-0.15, 0.32, 0.0, -0.78, -2.9, 0.22, -1.58)
    # The same where the cross-encoder read the candidate: weights of (1, log-odds of the verdict, log-odds by reading), its level
    # set on questions about the seeds, so that the same threshold fits small libraries (2026-11-24)
    verdict_read: tuple[float, ...] = (0.58, 1.01, 0.16)
    crowd_read: float = 2.2  # as crowd_dense: 5 % of MedQuAD's dev questions on subjects taken out are then answered
    read_weight: float = 1.0  # of those log-odds, added to the score of what was read
    read_again: int = 4  # best candidates that are read, with the question, at most
    read_tokens: int = 130  # word pieces of them together, the first one always: what 40 ms allow on two cores
    answer_confidence: float = 0.32  # least probability that the best candidate answers, among up to 300 passages
    crowd_dense: float = 1.61  # log-odds added to it for ten times as many passages, up to 10,000; 5 % of BioASQ's
    crowd_lexical: float = 1.58  # dev questions whose abstracts were taken out are then answered
    few_passages: int = 300  # up to so many, the crowd counts nothing
    many_passages: int = 10_000  # beyond, it counts no more
    crowd_of_drug: float = 0.4  # share of the crowd where a drug is named: passages on others are out of question
    surest: float = 6.0  # log-odds beyond which a candidate's own confidence says no more
    denied_words: int = 3  # words after a denial that it denies, function words not counted
    denial_reach: float = 0.6  # share of the question's weight that either side of a denial has to cover
    denied_specificity: float = 0.5  # least of a denied word; of "is not seen" nothing is learnt about what was asked
    excerpt_confidence: float = 0.3  # least confidence of a further excerpt
    excerpt_odds_gap: float = 1.0  # log-odds that a further excerpt may lie below the first one, whatever its score
    excerpt_gap: float = 4.0  # most that a further excerpt's score may lie below the first one's

    # Conversation; chosen on half of MTRAG's conversations and on the rewrites of those without marked documents (2026-11-24)
    name_specificity: float = 0.97  # least specificity 0..1 of a word that names a disease or a substance
    subject_specificity: float = 0.7  # least specificity of a word beside a name that belongs to the subject
    lone_specificity: float = 0.85  # least specificity of the rarest word of a nameless question, to be its subject
    fragment_words: int = 4  # words; up to so many that are no sentence go on with the question before them
    vague_words: int = 4  # words that count; a question of so few that names nothing is about the last subject
    typed_share: float = 0.5  # of a follow-up's own words in its vector; with what it took over, they have the rest

    # Summary (2026-11-24: BioASQ's and SQuAD's development questions, every second one of MEDIQA 2021's)
    fact_likelihood: float = 0.75  # least probability that the best quotation answers, to quote it alone for a fact
    fact_gain: float = 0.4  # least gain 0..1 of a second quotation for a fact: nearness to the best × share that is new
    summary_confidence: float = 0.2  # least confidence of a quotation beside the first, for several things or a subject
    summary_gain: float = 0.05  # least gain of one more for them
    list_reach: float = 1.5  # times that `excerpt_gap` and `excerpt_odds_gap` count where several things are asked for
    summary_reach: float = 2.0  # the same for a subject
    summary_chars: int = 1500  # characters of all quotations together; an expert's summary has 1,270 on average
    summary_carry: float = 0.3  # share of its nearness that a sentence takes over from the one before it
    label_confidence: float = 0.6  # least confidence of a label line that has the very name that is asked for
    bridge_chars: int = 250  # characters between two quotations of one paragraph, up to which they are quoted as one

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when any number changes."""
        numbers = [asdict(self), asdict(Wording())]
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:12]
