#include "base/json.h"

namespace dragonet {

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json problem_json(const Problem& problem) {
  return {{"where", problem.where}, {"what", problem.what}, {"next", problem.next}};
}

Json problems_json(const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) list.push_back(problem_json(problem));
  return list;
}

}  // namespace dragonet
