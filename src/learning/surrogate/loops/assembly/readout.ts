import {
  ADJOINT_CURRENT,
  ADJOINT_VOLTAGE,
  BIAS_GRADIENT,
  CURRENT,
  DECAY,
  DRIVE,
  GAIN,
  KAPPA,
  MEMBRANE,
  VOLTAGE,
} from './schema/grid-rows'

/** Takes a block of leaky integrators to the next point of the grid and notes their voltages in `trace`. */
export function advanceReadout(block: usize, bytes: usize, trace: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const current = v128.load(n + CURRENT * bytes)
    const voltage = moved(n, bytes, current)
    v128.store(n + CURRENT * bytes, f32x4.mul(v128.load(n + DECAY * bytes), current))
    v128.store(n + VOLTAGE * bytes, voltage)
    v128.store(trace + at, voltage)
  }
}

/** V after a step. */
export function moved(n: usize, bytes: usize, current: v128): v128 {
  const kept = f32x4.mul(v128.load(n + MEMBRANE * bytes), v128.load(n + VOLTAGE * bytes))
  return f32x4.add(f32x4.add(kept, f32x4.mul(v128.load(n + KAPPA * bytes), current)), v128.load(n + DRIVE * bytes))
}

/** Takes the adjoints back to the point before; `explicit` is dL/dV of the loss at this point. */
export function backwardReadout(block: usize, bytes: usize, explicit: usize, collects: bool): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const n = block + at
    const g = f32x4.add(v128.load(n + ADJOINT_VOLTAGE * bytes), v128.load(explicit + at))
    movedBack(n, bytes, g)
    if (collects) collectBias(n, bytes, g)
  }
}

/** The adjoints at the point before, from dL/dV at this one. */
export function movedBack(n: usize, bytes: usize, g: v128): void {
  const decayed = f32x4.mul(v128.load(n + DECAY * bytes), v128.load(n + ADJOINT_CURRENT * bytes))
  v128.store(n + ADJOINT_CURRENT * bytes, f32x4.add(f32x4.mul(v128.load(n + KAPPA * bytes), g), decayed))
  v128.store(n + ADJOINT_VOLTAGE * bytes, f32x4.mul(v128.load(n + MEMBRANE * bytes), g))
}

export function collectBias(n: usize, bytes: usize, g: v128): void {
  const sum = v128.load(n + BIAS_GRADIENT * bytes)
  v128.store(n + BIAS_GRADIENT * bytes, f32x4.add(sum, f32x4.mul(v128.load(n + GAIN * bytes), g)))
}
