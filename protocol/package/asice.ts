/** Packages and results: ASiC-E containers. The one door for box, centre and simulators. */
export { buildPackage, type PackageInput } from './build.ts';
export type { ManifestReference } from './manifest.ts';
export { type Package, readPackage } from './read.ts';
export { type PackageReport, type VerifyPackageOptions, verifyPackage } from './verify.ts';
