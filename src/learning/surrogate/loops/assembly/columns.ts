import { ADJOINT_CURRENT, ADJOINT_VOLTAGE, CURRENT_RATE, MEMBRANE_RATE } from './schema/grid-rows'

/**
 * Keeps the adjoints of a block of neurons at one point, on tapes with a row per neuron, `stride` bytes long: gI, and what
 * arriving later would do, gI / tauSyn - gV / tauMem.
 */
export function keepAdjoints(block: usize, bytes: usize, currents: usize, delays: usize, stride: usize): void {
  let to: usize = 0
  for (let at: usize = 0; at < bytes; at += 4) {
    const n = block + at
    const current = load<f32>(n + ADJOINT_CURRENT * bytes)
    const faded = load<f32>(n + MEMBRANE_RATE * bytes) * load<f32>(n + ADJOINT_VOLTAGE * bytes)
    store<f32>(currents + to, current)
    store<f32>(delays + to, load<f32>(n + CURRENT_RATE * bytes) * current - faded)
    to += stride
  }
}
