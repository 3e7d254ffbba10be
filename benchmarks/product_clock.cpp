// Which products of matrices a program makes, and how long they take: a library to be loaded before oneDNN's
// (LD_PRELOAD), which stands between the program and dnnl_sgemm. At the program's end it writes a line for each shape
// to the file that PRODUCT_CLOCK names: op(a) op(b) m n k, calls, seconds of all threads together.
#include <dlfcn.h>
#include <dnnl.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <tuple>

namespace {

struct Total {
  long calls = 0;
  double seconds = 0;
};
using Shape = std::tuple<char, char, dnnl_dim_t, dnnl_dim_t, dnnl_dim_t>;

class Clock {
 public:
  ~Clock() {
    const char* path = std::getenv("PRODUCT_CLOCK");
    std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr;
    if (file == nullptr) return;
    for (const auto& [shape, total] : totals_) {
      const auto& [a, b, m, n, k] = shape;
      std::fprintf(file, "%c %c %ld %ld %ld %ld %.9f\n", a, b, static_cast<long>(m), static_cast<long>(n),
                   static_cast<long>(k), total.calls, total.seconds);
    }
    std::fclose(file);
  }
  void add(const Shape& shape, double seconds) {
    const std::lock_guard lock(mutex_);
    Total& total = totals_[shape];
    total.calls += 1;
    total.seconds += seconds;
  }

 private:
  std::mutex mutex_;
  std::map<Shape, Total> totals_;
};

Clock& the_clock() {
  static Clock clock;
  return clock;
}

}  // namespace

extern "C" dnnl_status_t dnnl_sgemm(char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha,
                                    const float* a, dnnl_dim_t lda, const float* b, dnnl_dim_t ldb, float beta,
                                    float* c, dnnl_dim_t ldc) {
  static const auto original = reinterpret_cast<decltype(&dnnl_sgemm)>(::dlsym(RTLD_NEXT, "dnnl_sgemm"));
  Clock& clock = the_clock();
  const auto begin = std::chrono::steady_clock::now();
  const dnnl_status_t status = original(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  clock.add({transa, transb, m, n, k}, spent.count());
  return status;
}
