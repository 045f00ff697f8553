import { firstCrossing } from '../../src/dynamics/equations/crossing.js'
import type { Membrane } from '../../src/dynamics/equations/membrane.js'
import { writeHeader } from '../../src/dynamics/kernels/wasm/header.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../src/dynamics/kernels/wasm/instantiate.js'
import { HEADER_END } from '../../src/dynamics/kernels/wasm/schema/header.js'
import { constantFields } from '../../src/dynamics/kernels/wasm/tau-fields.js'
import { webAssembly } from '../../src/dynamics/kernels/wasm/web-assembly.js'
import { copyOf } from './arbitrary-membrane.js'

/** Time of the first crossing of a membrane; one later than the horizon may be reported as Infinity. */
export type CrossingSolver = (membrane: Membrane, horizon: number) => number

/** Those of the reference and of the kernels. */
export function crossingSolvers(): Readonly<Record<'reference' | 'kernel', CrossingSolver>> {
  const memory = new webAssembly.Memory({ initial: Math.ceil(HEADER_END / 65536), maximum: 65536, shared: false })
  const views = { f64: new Float64Array(memory.buffer), i32: new Int32Array(memory.buffer) }
  const kernel: KernelExports = instantiateKernel(compileKernel('plain'), memory)
  return {
    reference: (membrane, horizon) => firstCrossing(copyOf(membrane), horizon),
    kernel: ({ v, iExc, iInh, adaptation, bias, threshold, constants }, horizon) => {
      const { tauMem, exc, inh, tauAdapt, split } = constants
      writeHeader(views, constantFields({ tauMem, tauSyn: exc.tauSyn, tauSynInh: inh.tauSyn, tauAdapt }))
      if (!split) return kernel.firstCrossing(v - bias, iExc, adaptation, threshold - bias, horizon)
      return kernel.firstCrossingOfTwo(v - bias, iExc, iInh, adaptation, threshold - bias, horizon)
    },
  }
}
