import { describeKernel } from '../../suites/kernel-suite.js'
import { shared } from './subjects.js'

describeKernel(shared)
