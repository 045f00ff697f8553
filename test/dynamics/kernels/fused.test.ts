import { describeKernel } from '../../suites/kernel-suite.js'
import { fused, fusedShared } from './subjects.js'

describeKernel(fused)
describeKernel(fusedShared)
