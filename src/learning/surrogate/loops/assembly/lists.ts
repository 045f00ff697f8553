/** Steps of a block in which spikes are asked for at once. */
const BLOCK: i32 = 8

/**
 * The step at which something arrives that leaves at `position`, `late` steps later than it should, but not sooner than
 * `soonest` or its delay; never beyond `last`.
 *
 * @param shift delay in steps, plus 1/2
 */
function arrivalOf(position: f64, shift: f64, late: f64, soonest: f64, last: i32): i32 {
  const way = max(shift + late, min(shift, soonest))
  const step = <i32>(position + way)
  return step < last ? step : last
}

/** Adds the weights of the synapses first … end - 1 to `inflow`, at [step · lanes + target]. */
export function deliverList(
  inflow: usize,
  lanes: i32,
  last: i32,
  shifts: usize,
  targets: usize,
  weights: usize,
  first: i32,
  end: i32,
  position: f64,
  late: f64,
  soonest: f64,
): void {
  for (let s: usize = first; s < <usize>end; s++) {
    const step = arrivalOf(position, load<f64>(shifts + (s << 3)), late, soonest, last)
    const at = inflow + ((<usize>(step * lanes + load<i32>(targets + (s << 2)))) << 2)
    store<f32>(at, load<f32>(at) + load<f32>(weights + (s << 2)))
  }
}

/** Adds to every gradient of the synapses first … end - 1 what is on the tape where it arrives. */
export function collectList(
  tape: usize,
  last: i32,
  shifts: usize,
  rows: usize,
  gradients: usize,
  first: i32,
  end: i32,
  position: f64,
  late: f64,
  soonest: f64,
): void {
  for (let s: usize = first; s < <usize>end; s++) {
    const step = arrivalOf(position, load<f64>(shifts + (s << 3)), late, soonest, last)
    const from = tape + ((<usize>(step + load<i32>(rows + (s << 2)))) << 2)
    const at = gradients + (s << 2)
    store<f32>(at, load<f32>(at) + load<f32>(from))
  }
}

/** The same for two tapes at once. */
export function collectBoth(
  tape: usize,
  other: usize,
  last: i32,
  shifts: usize,
  rows: usize,
  gradients: usize,
  others: usize,
  first: i32,
  end: i32,
  position: f64,
  late: f64,
  soonest: f64,
): void {
  for (let s: usize = first; s < <usize>end; s++) {
    const step = arrivalOf(position, load<f64>(shifts + (s << 3)), late, soonest, last)
    const from = (<usize>(step + load<i32>(rows + (s << 2)))) << 2
    const at = s << 2
    store<f32>(gradients + at, load<f32>(gradients + at) + load<f32>(tape + from))
    store<f32>(others + at, load<f32>(others + at) + load<f32>(other + from))
  }
}

/** The sum over the synapses first … end - 1 of weight · what is on the tape where it arrives. */
export function sumList(
  tape: usize,
  last: i32,
  shifts: usize,
  rows: usize,
  weights: usize,
  first: i32,
  end: i32,
  position: f64,
  late: f64,
  soonest: f64,
): f64 {
  let sum: f64 = 0
  for (let s: usize = first; s < <usize>end; s++) {
    const step = arrivalOf(position, load<f64>(shifts + (s << 3)), late, soonest, last)
    const from = tape + ((<usize>(step + load<i32>(rows + (s << 2)))) << 2)
    sum += <f64>load<f32>(weights + (s << 2)) * <f64>load<f32>(from)
  }
  return sum
}

/**
 * For every source unit, and each of eight steps from `k` on: the sum over its synapses of weight · what is on the tape
 * `steps` later. A row of the tape continues with at least eight zeros behind `last`.
 *
 * @param answers [unit][8]
 */
export function askList(
  answers: usize,
  units: i32,
  starts: usize,
  tape: usize,
  last: i32,
  steps: usize,
  rows: usize,
  weights: usize,
  k: i32,
): void {
  let s: usize = 0
  for (let unit = 0; unit < units; unit++) {
    const end = <usize>load<i32>(starts + ((<usize>(unit + 1)) << 2))
    let early = f32x4.splat(0)
    let late = f32x4.splat(0)
    for (; s < end; s++) {
      const step = min(k + load<i32>(steps + (s << 2)), last)
      const from = tape + ((<usize>(step + load<i32>(rows + (s << 2)))) << 2)
      const weight = v128.load32_splat(weights + (s << 2))
      early = f32x4.add(early, f32x4.mul(weight, v128.load(from)))
      late = f32x4.add(late, f32x4.mul(weight, v128.load(from, 16)))
    }
    const at = answers + ((<usize>(unit * BLOCK)) << 2)
    v128.store(at, early)
    v128.store(at, late, 16)
  }
}

/** Adds the answers for one step, the addresses of which are eight numbers apart. */
export function takeAnswers(to: usize, answers: usize, units: i32): void {
  for (let unit = 0; unit < units; unit++) {
    const at = to + ((<usize>unit) << 2)
    store<f32>(at, load<f32>(at) + load<f32>(answers + ((<usize>(unit * BLOCK)) << 2)))
  }
}

/** Adds for every source unit the sum over some of its synapses of weight · what is on the tape where they arrive. */
export function askNear(
  to: usize,
  units: i32,
  starts: usize,
  list: usize,
  tape: usize,
  last: i32,
  steps: usize,
  rows: usize,
  weights: usize,
  k: i32,
): void {
  let entry: usize = 0
  for (let unit = 0; unit < units; unit++) {
    const end = <usize>load<i32>(starts + ((<usize>(unit + 1)) << 2))
    let sum: f32 = 0
    for (; entry < end; entry++) {
      const s = (<usize>load<i32>(list + (entry << 2))) << 2
      const step = min(k + load<i32>(steps + s), last)
      sum += load<f32>(weights + s) * load<f32>(tape + ((<usize>(step + load<i32>(rows + s))) << 2))
    }
    const at = to + ((<usize>unit) << 2)
    store<f32>(at, load<f32>(at) + sum)
  }
}
