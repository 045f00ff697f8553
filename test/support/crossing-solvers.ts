import { firstCrossing } from '../../src/dynamics/crossing.js'
import type { Membrane } from '../../src/dynamics/membrane.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../src/dynamics/wasm/instantiate.js'
import { writePlan } from '../../src/dynamics/wasm/plan.js'
import { PLAN_END } from '../../src/dynamics/wasm/schema/plan.js'
import { searchCrossingOf } from '../../src/dynamics/wasm/search-crossing.js'
import { constantFields } from '../../src/dynamics/wasm/tau-fields.js'
import { webAssembly } from '../../src/dynamics/wasm/web-assembly.js'
import { copyOf } from './arbitrary-membrane.js'

/** Time of the first crossing of a membrane with one current; one later than the horizon may be reported as Infinity. */
export type CrossingSolver = (membrane: Membrane, horizon: number) => number

/** Those of the reference and of the kernels. */
export function crossingSolvers(): Readonly<Record<'reference' | 'kernel', CrossingSolver>> {
  const memory = new webAssembly.Memory({ initial: Math.ceil(PLAN_END / 65536), maximum: 65536, shared: false })
  const views = { f64: new Float64Array(memory.buffer), i32: new Int32Array(memory.buffer) }
  const kernel: KernelExports = instantiateKernel(compileKernel('plain'), memory, {
    searchCrossing: searchCrossingOf(memory),
  })
  return {
    reference: (membrane, horizon) => firstCrossing(copyOf(membrane), horizon),
    kernel: ({ v, iExc, adaptation, bias, threshold, constants }, horizon) => {
      const { tauMem, exc, tauAdapt } = constants
      writePlan(views, constantFields({ tauMem, tauSyn: exc.tauSyn, tauAdapt }))
      return kernel.firstCrossing(v - bias, iExc, adaptation, threshold - bias, horizon)
    },
  }
}
