import { describeKernel } from '../../suites/kernel-suite.js'
import { window } from './subjects.js'

describeKernel(window)
