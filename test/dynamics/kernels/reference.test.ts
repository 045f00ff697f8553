import { describeKernel } from '../../suites/kernel-suite.js'
import { reference } from './subjects.js'

describeKernel(reference)
