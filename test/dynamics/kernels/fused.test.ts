import { describeKernel } from '../../suites/kernel-suite.js'
import { fused, fusedSimd } from './subjects.js'

describeKernel(fused)
describeKernel(fusedSimd)
