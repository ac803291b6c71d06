import { Command } from 'commander';
import { registerAudit } from './audit.ts';
import { registerBox } from './box.ts';
import { registerCentre } from './centre.ts';
import { registerDoctor } from './doctor.ts';
import { exitStatus } from './exit-status.ts';
import { registerFurtherBoxes } from './further-boxes.ts';
import { registerKinds } from './kinds.ts';
import { registerVerify } from './verify.ts';

/** Subcommands, each in a file of its own. */
const subcommands = [
  registerVerify,
  registerBox,
  registerFurtherBoxes,
  registerCentre,
  registerKinds,
  registerAudit,
  registerDoctor,
];

const program = new Command('okno')
  .description('Okno: boxes of public-service branches and their centre')
  // A mistyped option must not look like a failed signature, which is status 1.
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : exitStatus.unusable));
for (const register of subcommands) register(program);

await program.parseAsync();
