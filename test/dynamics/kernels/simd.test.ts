import { describeKernel } from '../../suites/kernel-suite.js'
import { own, shared } from './subjects.js'

describeKernel(own, shared)
