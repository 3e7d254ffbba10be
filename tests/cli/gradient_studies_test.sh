#!/usr/bin/env bash
# The studies that go back through a model: what they print, and what they refuse.
source "$(dirname "$0")/harness.sh"
make_text
train_tiny "$work/model.isthmus" 2> /dev/null
analyze() { "$isthmus" analyze "$1" "$work/model.isthmus" --source "$text/test.en" --reference "$text/test.ko" --resamples 20 "${@:2}"; }

test_each_study_prints_its_findings() {
  expect_exit 0 analyze gradients --gradients-probes 1
  expect_text out state_half_life untrained_input_factor "On the way back"
  expect_exit 0 analyze length-units
  expect_text out encoder_shuffled_1 decoder_written_1 "best unit"
  expect_exit 0 analyze reconstruction --reconstruction-updates 3 --reconstruction-text "$text/train.en"
  expect_text out accuracy_shuffled "in 3 updates"
  expect_exit 0 "$isthmus" report --html page.html
}

test_nonsense_is_refused() {
  expect_exit 2 analyze gradients --gradients-probes 0
  expect_text err gradients-probes
  expect_exit 2 analyze length-units --length-units-most 1
  expect_text err length-units-most
  expect_exit 2 analyze reconstruction --reconstruction-batch 0
  expect_text err reconstruction-batch
  expect_exit 1 analyze reconstruction --reconstruction-text absent.en
  expect_text err absent.en
}

run_tests
