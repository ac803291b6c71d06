/** Packages and results: ASiC-E containers. The one door for box, centre and simulators. */
export { buildPackage, writePackage } from './build.ts';
export type { ContainerReport } from './container-report.ts';
export { verifyContainer } from './container-verify.ts';
export { isPackage, readPackage } from './read.ts';
export { type PackageReport, verifyPackage } from './verify.ts';
