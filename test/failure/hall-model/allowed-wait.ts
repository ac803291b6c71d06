import type { HallRules } from '../../../protocol/hall-rules.ts';

/** How long somebody may be made to wait, by the rules of the branch. */
export function allowedMinutes(
  person: { purpose: string; privilege: string | null; transferred: boolean },
  rules: HallRules,
): number {
  const granted = rules.privileges.find(({ id }) => id === person.privilege)?.allowedWaitMinutes;
  const all = [rules.normMinutes, granted];
  if (person.purpose === 'appointment') all.push(rules.appointmentWaitMinutes);
  if (person.transferred) all.push(rules.transferWaitMinutes);
  return Math.min(...all.filter(minutes => minutes !== undefined));
}
