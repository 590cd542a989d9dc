#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// What people say when they say something else, for the label `unknown`. Words that sound the same as one of those
/// asked for ("know" and "no"), or begin with it ("note"), are in neither list.
struct OtherWords {
  std::vector<std::string> all;   // of some hundred frequent English ones
  std::vector<std::string> near;  // those of them that sound most like the words asked for: a few for each, in turn
};

/// `language` as espeak-ng names it.
OtherWords other_words(const std::vector<std::string>& words, const std::string& language);

/// How differently two words sound: 0 the same, 1 nothing in common. It is the edit distance of their phonemes over the
/// longer one's number; a vowel for a vowel and a consonant for a consonant cost less than one for the other.
double difference_in_sound(const std::vector<std::string>& a, const std::vector<std::string>& b);

}  // namespace dragonet
