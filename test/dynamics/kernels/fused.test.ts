import { describeKernel } from '../../suites/kernel-suite.js'
import { fused } from './subjects.js'

describeKernel(fused)
