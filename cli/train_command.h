#pragma once

#include <string>

#include "cli/command.h"

namespace isthmus::cli {

/// isthmus train: from parallel text to a model file.
int run_train(Arguments arguments);

/// MODEL.config, the effective configuration of the run that made a model.
std::string config_path(const std::string& model_path);

}  // namespace isthmus::cli
