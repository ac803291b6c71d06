import type { DatabaseSync } from 'node:sqlite';
import type { Skill } from '../../protocol/hall-rules.ts';
import type { CallingWindow } from '../core/calling.ts';
import type { WindowRow } from '../journal/projections/hall.ts';

/** A window as it is now; one that was never opened is closed. */
export interface OpenWindow extends WindowRow {
  skills: readonly Skill[] | null;
}

/** Windows, who sits there, and what they may take: for calling, for the forecast and for the pages. */
export interface Windows {
  find(window: string): OpenWindow | undefined;
  /** Open, paused or serving the last person. */
  manned(): OpenWindow[];
  /** Of a clerk, now or before a position in the journal; null: everything. */
  skillsOf(clerk: string, before?: number): readonly Skill[] | null;
  /** How a clerk at a window calls. */
  calling(window: string, clerk: string): CallingWindow;
}

export function readWindows(db: DatabaseSync): Windows {
  const one = db.prepare('select * from windows where window = ?');
  const manned = db.prepare(`select * from windows where state <> 'closed' order by window`);
  const skills = db.prepare(
    'select skills from clerk_skills where clerk = ? and position < ? order by position desc limit 1',
  );
  function skillsOf(clerk: string, before: number = Number.MAX_SAFE_INTEGER): readonly Skill[] | null {
    const row = skills.get(clerk, before) as { skills: string | null } | undefined;
    return row?.skills ? (JSON.parse(row.skills) as Skill[]) : null;
  }
  const withSkills = (row: WindowRow): OpenWindow => ({ ...row, skills: skillsOf(row.clerk) });
  return {
    find(window) {
      const row = one.get(window) as WindowRow | undefined;
      return row && withSkills(row);
    },
    manned: () => (manned.all() as unknown as WindowRow[]).map(withSkills),
    skillsOf,
    calling: (window, clerk) => ({ window, skills: skillsOf(clerk) }),
  };
}
