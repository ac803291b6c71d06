/** How many futures of the hall are played side by side. */
export const futures = 48;

/** So many orders are made ahead; positions beyond them begin again. */
const orders = 251;

/**
 * Latin hypercube: at each position every future gets another one of `futures` equal slices of a
 * distribution, in an order of its own. Sums over many positions then scatter far less than with free
 * draws. The orders are the same on every start, so that the same hall is told the same wait.
 */
const slices = shuffledOrders();

/** The slice, 0 … futures − 1, that a future gets at a position. */
export function sliceAt(position: number, future: number): number {
  return slices[(position % orders) * futures + future] ?? 0;
}

function shuffledOrders(): Uint8Array {
  const all = new Uint8Array(orders * futures);
  let state = 2_463_534_242;
  const below = (limit: number) => {
    // xorshift (Marsaglia 2003): seeded, so that a forecast can be made again.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  for (let order = 0; order < orders; order++) {
    const one = all.subarray(order * futures, (order + 1) * futures);
    for (let slice = 0; slice < futures; slice++) {
      const other = below(slice + 1);
      one[slice] = one[other] ?? 0;
      one[other] = slice;
    }
  }
  return all;
}
