#include "model/steady_product.h"

#include <cmath>

namespace isthmus {

void steady_product(ConstMatrixRef<float> a, ConstMatrixRef<float> b, float beta, MatrixRef<float> c) {
#ifdef FP_FAST_FMAF
  if (c.cols() <= internal::kFewColumns) return internal::product_of_few(a, b, beta, c);
#endif
  internal::packed_product(a, b, beta, c);
}

}  // namespace isthmus
