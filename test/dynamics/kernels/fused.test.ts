import { describeKernel } from '../../suites/kernel-suite.js'
import { fused, fusedSimd, fusedTwoCurrents } from './subjects.js'

describeKernel(fused, fusedSimd, fusedTwoCurrents)
