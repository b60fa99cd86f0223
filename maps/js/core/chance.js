// Change that is more than chance: the exact conditional test of two Poisson counts, and Holm's
// correction for testing many regions at once.

const LEVEL = 0.05;
// Equal probabilities may differ in their last digits.
const SAME = 1 + 1e-7;

// Lanczos' approximation, good to about 15 digits.
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

export function logGamma(x) {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const sum = LANCZOS.reduce((total, c, i) => total + (i ? c / (shifted + i) : c), 0);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

// Two-sided p: how likely a split of before + after is that is no more likely than the one seen, if
// the rate per exposure (people x months) is the same in both periods.
export function comparePoisson(before, after, exposureBefore, exposureAfter) {
  const [k, n] = [Math.round(after), Math.round(before) + Math.round(after)];
  const share = exposureAfter / (exposureBefore + exposureAfter);
  const chance = (i) =>
    Math.exp(
      logGamma(n + 1) -
        logGamma(i + 1) -
        logGamma(n - i + 1) +
        i * Math.log(share) +
        (n - i) * Math.log(1 - share),
    );
  const seen = chance(k) * SAME;
  let p = 0;
  for (let i = 0; i <= n; i += 1) {
    const likely = chance(i);
    if (likely <= seen) p += likely;
  }
  return Math.min(1, p);
}

// Holm (1979): p values that may be compared with one level, however many tests there are.
export function holm(ps) {
  const order = ps.map((p, i) => [p, i]).sort((a, b) => a[0] - b[0]);
  const adjusted = new Array(ps.length);
  let highest = 0;
  order.forEach(([p, i], rank) => {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    adjusted[i] = highest;
  });
  return adjusted;
}

export function isSure(p) {
  return p < LEVEL;
}
