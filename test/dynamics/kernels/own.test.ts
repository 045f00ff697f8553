import { describeKernel } from '../../suites/kernel-suite.js'
import { own } from './subjects.js'

describeKernel(own)
