// The program: finds the subcommand, runs it, and turns errors into messages and exit codes (0 ok, 1 failure, 2 usage).
#include "cli/command.h"

int main(int argc, char** argv) { return isthmus::cli::run_program(argc, argv); }
