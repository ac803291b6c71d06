/*
 * Simulations of what cannot be tried on people (DESIGN section 10):
 *
 *   npm run simulate -- hall [--arrivals FILE.csv] [--windows FILE.csv] [--loads 0.7,0.8,0.9] [--days 30]
 *
 * JSON lines on standard output, words for people on standard error.
 */
import { simulateHall } from './hall/simulate-hall.ts';

const simulations: Record<string, (args: readonly string[]) => Promise<number>> = { hall: simulateHall };

const [name = '', ...args] = process.argv.slice(2);
const simulate = simulations[name];
if (!simulate) console.error(`Which one? ${Object.keys(simulations).join(', ')}`);
process.exitCode = simulate ? await simulate(args) : 2;
