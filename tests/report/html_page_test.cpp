#include "report/html_page.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/page_assets.h"
#include "report/sections.h"
#include "report/studies/comparison.h"
#include "report/studies/study_view.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
using isthmus::test::small_ledger;
using isthmus::test::TemporaryFolder;
using Json = nlohmann::json;

namespace {

/// What stands in the data element `id`, up to the first tag that could end it: as a browser sees it.
std::string data_text(const std::string& html, const std::string& id) {
  const std::string open = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t begin = html.find(open);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + open.size();
  return html.substr(from, html.find('<', from) - from);
}

Json data_of(const std::string& html, const std::string& id = "page-data") { return Json::parse(data_text(html, id)); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Texts that end elements, lines, strings or placeholders somewhere, and their like as JSON gives them back.
const std::vector<std::pair<std::string, std::string>> kHostile = {
    {"</script><script>alert(1)</script>", "</script><script>alert(1)</script>"},
    {"<!-- <script>", "<!-- <script>"},
    {"a\xe2\x80\xa8"
     "b\xe2\x80\xa9"
     "c",
     "a\xe2\x80\xa8"
     "b\xe2\x80\xa9"
     "c"},
    {"&lt;b&gt; \" ' \\ \\u003c", "&lt;b&gt; \" ' \\ \\u003c"},
    {"{{script}}", "{{script}}"},
    {std::string("nul\0tab\t\x1b[31m\x7f", 14), std::string("nul\0tab\t\x1b[31m\x7f", 14)},
    {"bad \xff\xc0\xaf end \xe2\x80", "bad \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd end \xef\xbf\xbd"},
    {"번역 😀", "번역 😀"}};

Page page_saying(const std::string& text) {
  return {.title = text,
          .subtitle = text,
          .sections = {
              {.id = "one",
               .title = text,
               .text = {text},
               .verdict = text,
               .figures = {{.table = {.key = "t",
                                      .title = text,
                                      .columns = {{.key = "c", .title = text}},
                                      .rows = {{text}},
                                      .notes = {text}},
                            .charts = {{.title = text, .x = "c", .series = {{.y = "c", .title = text}}}}}},
               .sentences = {{.title = text,
                              .systems = {text},
                              .rows = {{.source = text, .reference = text, .hypotheses = {text}, .bleu = {12.345}}},
                              .notes = {text}}}}}};
}

}  // namespace

TEST_CASE("Whatever a text holds, it stays text: in the page's data and nowhere else") {
  const std::string plain = html_page(page_saying("plain"));
  for (const auto& [text, expected] : kHostile) {
    const std::string html = html_page(page_saying(text));
    CAPTURE(text);
    CHECK(count(html, "<script") == count(plain, "<script"));
    CHECK(count(html, "</script") == count(plain, "</script"));
    CHECK(count(html, "<!--") == 0);
    const Json page = data_of(html);
    CHECK(page["title"] == expected);
    CHECK(page["sections"][0]["verdict"] == expected);
    CHECK(page["sections"][0]["figures"][0]["table"]["rows"][0][0] == expected);
    CHECK(page["sections"][0]["figures"][0]["charts"][0]["title"] == expected);
    const Json sentences = data_of(html, "sentences-0");
    CHECK(sentences["source"][0] == expected);
    CHECK(sentences["hypotheses"][0][0] == expected);
    CHECK(sentences["systems"][0] == expected);
    for (const std::string id : {"page-data", "sentences-0"}) {
      CHECK(data_text(html, id).find_first_of("<>&") == std::string::npos);
      CHECK(data_text(html, id).find("\xe2\x80\xa8") == std::string::npos);
      CHECK(data_text(html, id).find("\xe2\x80\xa9") == std::string::npos);
    }
  }
}

TEST_CASE("Cells keep their kinds: missing and not finite is null, numbers beyond JavaScript's are exact") {
  const Page page{
      .sections = {{.id = "one",
                    .figures = {{.table = {.columns = {{.key = "a"},
                                                       {.key = "b", .audience = Audience::kMachines},
                                                       {.key = "bar", .is_bar = true},
                                                       {.key = "c"}},
                                           .rows = {{Cell(), std::nan(""), 1.0, std::int64_t{3}},
                                                    {std::int64_t{9007199254740993}, 0.5, 1.0, Cell()}}}}}}}};
  const Json table = data_of(html_page(page))["sections"][0]["figures"][0]["table"];
  CHECK(table["rows"] == Json::parse(R"([[null, null, 3], ["9007199254740993", 0.5, null]])"));
  REQUIRE(table["columns"].size() == 3);
  CHECK(table["columns"][1]["shown"] == false);
  CHECK(table["columns"][0]["decimals"] == 0);
  CHECK(table["columns"][1]["decimals"] == 2);
}

TEST_CASE("The policy lets run what was compiled in and nothing else") {
  const std::string html = html_page({});
  CHECK(html.find("content=\"default-src 'none'; script-src 'sha256-") != std::string::npos);
  CHECK(html.find("base-uri 'none'; form-action 'none'\"") != std::string::npos);
  CHECK(html.find("unsafe") == html.find("unsafe", html.find("<style>")));  // not in the policy
  CHECK(html.find("<script>" + std::string(page_assets().script.text) + "</script>") != std::string::npos);
  CHECK(html.find("Released under the MIT License") != std::string::npos);
  for (const char* loads : {"src=\"", "<link", "@import", "url("}) {
    CHECK(page_assets().page.text.find(loads) == std::string_view::npos);
    CHECK(page_assets().style.text.find(loads) == std::string_view::npos);
  }
  for (const char* markup : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
    CHECK(page_assets().script.text.find(markup) == std::string_view::npos);
  }
}

TEST_CASE("The sections of a ledger draw what the tables hold") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto lstm = small_ledger(ledger, "lstm");
  small_ledger(ledger, "gru");
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const ReportScope all;

  const std::vector<PageSection> scores = scores_section(reader, all);
  REQUIRE(scores.size() == 1);
  REQUIRE(scores[0].figures.size() == 1);
  const Figure& bleu = scores[0].figures[0];
  CHECK(bleu.table.title == "BLEU on test");
  REQUIRE(bleu.table.rows.size() == 2);
  CHECK(bleu.table.rows[0][0] == Cell(std::string("model, beam 5, run 1")));
  CHECK(bleu.table.rows[1][0] == Cell(std::string("model, beam 5, run 3")));

  const std::vector<PageSection> curve = curve_section(reader, all);
  REQUIRE(curve.size() == 1);
  REQUIRE(curve[0].figures.size() == 2);
  CHECK(curve[0].figures[0].table.rows.size() == 6);
  CHECK(curve[0].figures[1].table.title == "BLEU on dev");

  const std::vector<PageSection> length = length_section(reader, {.run = lstm.train});
  REQUIRE(length.size() == 1);
  CHECK(length[0].figures[0].table.rows.size() == 2);

  for (const auto& sections : {scores, curve, length, study_sections(reader, all), cells_section(reader, all)}) {
    for (const PageSection& section : sections) {
      for (const Figure& figure : section.figures) {
        const auto has = [&figure](const std::string& key) {
          return key.empty() || std::any_of(figure.table.columns.begin(), figure.table.columns.end(),
                                            [&key](const Column& column) { return column.key == key; });
        };
        for (const Chart& chart : figure.charts) {
          CHECK((has(chart.x) && has(chart.group) && has(chart.label) && has(chart.row)));
          CHECK((has(chart.x_label) && has(chart.row_label)));
          for (const Series& one : chart.series) CHECK((has(one.y) && has(one.low) && has(one.high)));
        }
      }
    }
  }
}

namespace {

/// A length study with one bin and one finding.
AnalysisId add_length_study(Ledger& ledger, const test::SmallLedger& made, double bleu) {
  return ledger.add(
      AnalysisRow{.run = made.evaluate,
                  .kind = "length",
                  .checkpoint = made.checkpoint,
                  .corpus = made.test,
                  .verdict = "It depends.",
                  .meaning = "Beware."},
      std::vector{measurements_of(std::vector<LengthQualityRow>{
          {.metric = "bleu", .from = 1, .to = 5, .sentences = 4, .quality = {bleu, bleu - 1, bleu + 1}},
          {.metric = "chrf", .from = 1, .to = 5, .sentences = 4, .quality = {2 * bleu, bleu, 3 * bleu}}})},
      std::vector<FindingRow>{{.name = "bleu", .unit = "BLEU", .value = bleu, .low = bleu - 1, .high = bleu + 1},
                              {.name = "half_length", .unit = "words"}});
}

}  // namespace

TEST_CASE("Studies are listed by kind, the last of each model and text, and stand beside each other") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto lstm = small_ledger(ledger, "lstm"), gru = small_ledger(ledger, "gru");
  add_length_study(ledger, lstm, 10);
  ledger.add(AnalysisRow{.run = gru.evaluate, .kind = "from the future", .corpus = gru.test, .verdict = "Unknown."}, {},
             {});
  add_length_study(ledger, gru, 30);
  add_length_study(ledger, lstm, 20);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<PageSection> sections = study_sections(reader, {});
  std::vector<std::string> ids;
  for (const PageSection& section : sections) ids.push_back(section.id);
  CHECK(ids == std::vector<std::string>{"studies", "compared", "study-3", "study-4", "study-2"});
  CHECK_THAT(sections[0].text.at(0), Catch::Contains("one is earlier"));
  for (std::size_t i = 2; i < sections.size(); ++i) CHECK(sections[i].under == "studies");
  CHECK_THAT(sections[2].heading, Catch::StartsWith("length: How does"));
  CHECK(sections[4].heading == "from the future");
  CHECK(sections[3].verdict == "It depends.");
  CHECK(sections[3].meaning == "Beware.");

  const std::vector<Figure>& figures = sections[1].figures;
  REQUIRE(figures.size() == 2);
  const Figure& overlay = figures[0];
  CHECK(overlay.table.title == "length on test: Sources of each length");
  REQUIRE(overlay.table.rows.size() == 2);
  CHECK(overlay.table.rows[0][0] == Cell(std::string("model, run 3")));
  CHECK(overlay.table.rows[1][0] == Cell(std::string("model, run 1")));
  REQUIRE(overlay.charts.size() == 2);
  for (const Chart& chart : overlay.charts) CHECK(chart.group == "model");

  const Figure& findings = figures[1];
  CHECK(findings.table.title == "length on test: findings");
  REQUIRE(findings.charts.size() == 1);  // half_length has no value
  CHECK(findings.charts[0].kind == ChartKind::kDot);
  CHECK(findings.charts[0].series.at(0).low == "bleu_low");
  CHECK(findings.table.rows[0][2] == Cell(std::string("30.00 [29.00, 31.00]")));
  CHECK(findings.table.rows[1][2] == Cell(std::string("20.00 [19.00, 21.00]")));

  CHECK(study_sections(reader, {.run = lstm.evaluate}).size() == 2);  // the list and one study: nothing to compare
}

TEST_CASE("Models that are compared have names that differ: by run, by update, by study") {
  const auto study = [](int analysis, const char* model, std::int64_t run, std::int64_t updates) {
    return StudySummary{.analysis = AnalysisId(analysis),
                        .model_run = run,
                        .model = model,
                        .updates = updates,
                        .corpus_id = CorpusId(1)};
  };
  const std::vector<StudySummary> studies{study(1, "a/m.isthmus", 1, 100), study(2, "a/m.isthmus", 1, 200),
                                          study(3, "a/m.isthmus", 2, 100), study(4, "a/m.isthmus", 2, 100),
                                          study(5, "b/n.isthmus", 3, 100)};
  CHECK(model_names(studies) == std::vector<std::string>{"m, run 1, update 100", "m, run 1, update 200",
                                                         "m, run 2, study 3", "m, run 2, study 4", "n"});
}

TEST_CASE("The page of a run has its studies, those too that were done again in another") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  add_length_study(ledger, made, 10);
  auto again = made;
  again.evaluate = ledger.begin_run({.command = "analyze length", .version = "0.1.0"});
  add_length_study(ledger, again, 20);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(study_sections(reader, {}).size() == 2);  // the list and the last
  for (const RunId run : {made.evaluate, again.evaluate}) CHECK(study_sections(reader, {.run = run}).size() == 2);
}

TEST_CASE("Studies of different texts share a table and no chart") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  auto made = small_ledger(ledger);
  add_length_study(ledger, made, 10);
  const std::vector<std::string> other{"another line"};
  made.test = ledger.add_corpus(made.evaluate, {.name = "news"}, "test", other, other);
  add_length_study(ledger, made, 20);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<PageSection> sections = study_sections(reader, {});
  REQUIRE(sections[1].figures.size() == 1);
  const Figure& all = sections[1].figures[0];
  CHECK(all.charts.empty());
  CHECK_THAT(all.table.notes.at(0), Catch::Contains("do not compare"));
  CHECK(all.table.rows[0][2] == Cell(std::string("test")));
  CHECK(all.table.rows[1][2] == Cell(std::string("news")));
}

TEST_CASE("Weights of attention are a heat map on the page and a few words in the terminal") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  MeasurementRows weights{.table = "attention_weight",
                          .columns = {"line", "t", "s", "target_piece", "source_piece", "weight"}};
  for (const std::int64_t line : {1, 2, 4}) {
    for (std::int64_t t = 0; t < 2; ++t) {
      weights.rows.push_back({line, t, std::int64_t{0}, t == 0 ? "<b>" : "</s>", "one", t == 0 ? 0.125 : 0.01});
      weights.rows.push_back({line, t, std::int64_t{1}, t == 0 ? "<b>" : "</s>", "</s>", t == 0 ? 0.875 : 0.99});
    }
  }
  ledger.add(AnalysisRow{.run = made.evaluate, .kind = "attention", .corpus = made.test}, std::vector{weights}, {});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const Json figures = data_of(html_page({.sections = study_sections(reader, {})}))["sections"][1]["figures"];
  REQUIRE(figures.size() == 3);
  CHECK(figures[1]["charts"][0]["kind"] == "heat");
  CHECK(figures[1]["charts"][0]["row"] == "t");
  CHECK(figures[1]["table"]["rows"].size() == 12);

  const std::vector<Table> tables = study_tables(reader, reader.studies().at(0));
  REQUIRE(tables.size() == 3);
  CHECK(tables[1].key == "attention_places");
  REQUIRE(tables[1].rows.size() == 4);  // of two sentences
  CHECK(tables[1].rows[0][2] == Cell(std::string("</s> 0.88, one 0.12")));
  CHECK(tables[1].rows[1][2] == Cell(std::string("</s> 0.99")));
}

TEST_CASE("Validation BLEU of different signatures is in different figures") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  const RunId other = ledger.begin_run({.command = "train"});
  const std::vector<std::string> text{"a"};
  const CorpusId valid =
      ledger.add_corpus(other, {.name = "dev", .split = "valid", .source_hash = "11", .target_hash = "12"}, "valid");
  ledger.add(ValidationRow{
      .run = other, .updates = 100, .corpus = valid, .metric = "bleu", .signature = "tok:char", .value = 60});
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(reader.validation_signatures(other, "bleu") == std::vector<std::string>{"tok:char"});
  CHECK(reader.validation_signatures(made.train, "bleu").size() == 1);
  const std::vector<PageSection> curve = curve_section(reader, {});
  REQUIRE(curve.size() == 1);
  CHECK(curve[0].figures.size() == 3);
}

TEST_CASE("Sentences stand beside what each system made of them") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  const DecodeId decode = ledger.add(DecodeRow{.run = made.evaluate, .corpus = made.test, .method = "file"},
                                     std::vector<HypothesisRow>{{.line = 2, .text = std::string(5000, 'x')}});
  CHECK(static_cast<int>(decode) == 2);
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  const std::vector<PageSection> sections = sentences_section(reader, {});
  REQUIRE(sections.size() == 1);
  REQUIRE(sections[0].sentences.size() == 1);
  const SentenceSet& set = sections[0].sentences[0];
  CHECK(set.systems == std::vector<std::string>{"model, beam 5", "file, decode 2"});
  const test::SmallCorpus corpus;
  REQUIRE(set.rows.size() == corpus.sources.size());
  CHECK(set.rows[1].source == corpus.sources[1]);
  CHECK(set.rows[1].hypotheses[0] == corpus.hypotheses[1]);
  CHECK(set.rows[0].bleu[0].value() == Approx(100));
  CHECK(set.rows[3].bleu[0].value() ==
        Approx(sentence_bleu(corpus.hypotheses[3], std::vector{corpus.references[3]}).score));
  CHECK_FALSE(set.rows[0].hypotheses[1]);
  CHECK(set.rows[1].hypotheses[1]->ends_with("… (3,000 bytes more)"));
  CHECK_FALSE(set.rows[1].bleu[1]);

  const std::vector<PageSection> few = sentences_section(reader, {.sentences = 2});
  CHECK(few[0].sentences[0].rows.size() == 2);
  CHECK_THAT(few[0].sentences[0].notes.at(0), Catch::Contains("The first 2 of 6 sentences"));
}

TEST_CASE("A file of translations from elsewhere is named by it") {
  const TemporaryFolder folder;
  Ledger ledger = Ledger::open(folder.file("l"));
  const auto made = small_ledger(ledger);
  const RunId run = ledger.begin_run({.command = "evaluate"});
  for (const char* name : {"out/first.txt", "second.txt"}) {
    const std::string options = std::string(R"({"hypothesis": ")") + name + "\"}";
    ledger.add(DecodeRow{.run = run, .corpus = made.test, .method = "file", .options_json = options},
               std::vector<HypothesisRow>{{.text = "a"}});
  }
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  CHECK(sentences_section(reader, {.run = run})[0].sentences[0].systems ==
        std::vector<std::string>{"first.txt", "second.txt"});
}

TEST_CASE("Of an empty ledger the page says so") {
  const TemporaryFolder folder;
  Ledger::open(folder.file("l"));
  LedgerReader reader = LedgerReader::open(folder.file("l"));
  REQUIRE(runs_section(reader, {}).size() == 1);
  CHECK_THAT(runs_section(reader, {})[0].text.at(0), Catch::Contains("no runs yet"));
  for (const auto& section : {curve_section, scores_section, length_section, cells_section, study_sections,
                              candidates_section, sentences_section}) {
    CHECK(section(reader, {}).empty());
  }
}
