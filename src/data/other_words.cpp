#include "data/other_words.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <sstream>

#include "data/speech.h"

namespace dragonet {
namespace {

constexpr std::size_t near_each = 12;  // of each word asked for

/// Frequent words, most of one or two syllables, with all of English's sounds at their beginning, middle and end.
constexpr const char* frequent = R"(
a about after again air all always and any apple are arm art ask at away baby back bad bag ball bank bath be beach bear
bed bee beef bell best big bike bill bird bit black blue boat body book both bow box boy bread break bring brown bus but
buy by call can cap car cat chair cheap cheese child church city clean clock close coat coffee cold come cook corn cow
cup cut day deep desk dinner dirty do doctor dog door dough down dress drink drive dry duck ear early east easy eat
eight end engine evening eye face fall family far farm fast father feet field fire fish five floor flower fly follow
food foot for forward four friend from fruit full game garden gate get girl give glass goal goat gold good goose grass
green ground grow guest guess gun hair half hand happy hat have he head heart heavy hello help her here high hill him
his hit home horse hot hour house how hundred ice if in inside is it jacket job juice jump just keep key kick king
kitchen kiss kite knee knife lady lake lamp land last late laugh leaf learn left leg less let letter light like lion
lip list little long look lost love low lunch machine make man many map marvin maybe me meat men mess milk mine minute
money moon more morning mother mouse mouth move much music my nail name near neck need never new news next nice night
nine noise none north nose not note now number ocean off office oh oil old on one only open or orange other our out
over page paint paper park part party pass pay pen people pick picture pig pin pink place plane play please pocket
point pop post potato pull push put queen question quick rain read ready red rest rice right ring river road rock roll
room rose round run sad said salt same sand say school sea second see sell send seven she sheep sheila ship shirt shoe
shop short show sick side sing sister sit six sky sleep slow small snow so soap sock soft some song soon soup south
speak spoon spot spring stand star start stay steep step stick stone stool store stuff sugar sun sure sweet swim table
take talk tall tea ten test thank that the them there they thin thing think this three throw thumb time to today toe
toes tomorrow tongue too tooth top touch town toy train travel tree true turn twelve twenty two uncle under up us
valley van very view village visual voice wait walk wall want warm was wash watch water way we week well went west wet
what wheel when where white who why wife wind window winter wish with woman wonder wood word work world worry wow write
year yell yellow yesterday yet you young your zero zoo)";

std::vector<std::string> frequent_words() {
  std::istringstream text(frequent);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

/// As espeak-ng writes them: vowels begin with one of these.
bool is_vowel(const std::string& phoneme) {
  return std::string("aeiouAEIOUVQ03@yY").find(phoneme[0]) != std::string::npos;
}

double cost_of(const std::string& a, const std::string& b) {
  if (a == b) return 0;
  return is_vowel(a) == is_vowel(b) ? 0.6 : 1;
}

using Phonemes = std::vector<std::vector<std::string>>;  // of each word

/// Who says "goat" says "go" first. In people's recordings what follows is often so weak that a network which has to
/// tell the two apart takes their "go" for "goat".
bool begins_with_any(const std::vector<std::string>& word, const Phonemes& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::vector<std::string>& beginning) {
    return word.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), word.begin());
  });
}

/// Those that sound most like `word`.
std::vector<std::string> nearest(const std::vector<std::string>& word, const std::vector<std::string>& candidates,
                                 const Phonemes& sounds) {
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return difference_in_sound(word, sounds[i]); });
  std::vector<std::string> found;
  for (std::size_t i = 0; i < std::min(near_each, order.size()); ++i) found.push_back(candidates[order[i]]);
  return found;
}

/// Not those that sound the same as what is asked for, or begin with it.
void leave_out_same(const Phonemes& asked, std::vector<std::string>& candidates, Phonemes& sounds) {
  std::vector<std::string> kept;
  Phonemes kept_sounds;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (begins_with_any(sounds[i], asked)) continue;
    kept.push_back(candidates[i]);
    kept_sounds.push_back(sounds[i]);
  }
  candidates = std::move(kept), sounds = std::move(kept_sounds);
}

}  // namespace

double difference_in_sound(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<double> row(b.size() + 1);  // Wagner and Fischer 1974, "The string-to-string correction problem"
  std::iota(row.begin(), row.end(), 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    double corner = row[0];
    row[0] += 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const double replaced = corner + cost_of(a[i], b[j]);
      corner = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back() / static_cast<double>(std::max<std::size_t>({a.size(), b.size(), 1}));
}

OtherWords other_words(const std::vector<std::string>& words, const std::string& language) {
  OtherWords others{.all = frequent_words(), .near = {}};
  std::erase_if(others.all, [&](const std::string& word) { return std::ranges::count(words, word) > 0; });
  const Phonemes asked = phonemes_of(words, language);
  Phonemes sounds = phonemes_of(others.all, language);
  leave_out_same(asked, others.all, sounds);
  std::vector<std::vector<std::string>> near;
  for (const auto& word : asked) near.push_back(nearest(word, others.all, sounds));
  for (std::size_t i = 0; i < near_each; ++i)
    for (const auto& of_word : near)
      if (i < of_word.size() && std::ranges::count(others.near, of_word[i]) == 0) others.near.push_back(of_word[i]);
  return others;
}

}  // namespace dragonet
