import { fetchKernel } from './kernel.ts';
import { packagesLayer, programsLayer, systemLayer } from './layers.ts';

export interface Image {
  vmlinuz: string;
  initrd: string;
  /** squashfs files, the lowest first. */
  layers: string[];
}

/**
 * The appliance: a kernel, a RAM disk that stacks the layers, and the layers (ADR 38). What did not change
 * since the last time is taken from the cache; `workDir` gets the rest. Has to be run by root.
 */
export async function makeImage(workDir: string, onProgress: (what: string) => void): Promise<Image> {
  onProgress('kernel');
  const kernel = await fetchKernel();
  onProgress('Debian');
  const system = await systemLayer(kernel);
  onProgress('packages');
  const packages = await packagesLayer();
  onProgress('programs');
  const programs = await programsLayer(workDir);
  return { vmlinuz: kernel.vmlinuz, initrd: kernel.initrd, layers: [system, packages, programs] };
}
