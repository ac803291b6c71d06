import type { RegisterView } from '../../protocol/api/branch.ts';
import type { HallLive } from '../../protocol/api/hall.ts';
import type { Skill } from '../../protocol/hall-rules.ts';
import { Loaded } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { act, busy, register } from './store.ts';

type Clerk = HallLive['skills'][number];
type Category = RegisterView['categories'][number];

/** Groups of services that a clerk takes; undefined when the skills say more than groups can. */
function groupsOf(skills: readonly Skill[] | null): string[] | undefined {
  if (skills === null) return [];
  const groups = skills.map(({ categoryId, serviceId, purpose, weight }) =>
    categoryId !== undefined && serviceId === undefined && purpose === undefined && weight === 10
      ? categoryId
      : undefined,
  );
  return groups.every(group => group !== undefined) ? groups : undefined;
}

/** Who takes what (KEM-12). */
export function Skills({ view }: { view: HallLive }) {
  return (
    <Loaded held={register.held.value} onRetry={() => void register.refresh()} rows={4}>
      {({ categories }) => (
        <>
          <p class="soft">{t('hall.skills-how')}</p>
          <table class="lines skills">
            <thead>
              <tr>
                <td />
                {categories.map(({ id, title }) => (
                  <th key={id} scope="col">
                    {inLanguage(title)}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {view.skills.map(clerk => (
                <ClerkLine key={clerk.clerk} clerk={clerk} categories={categories} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </Loaded>
  );
}

function ClerkLine({ clerk, categories }: { clerk: Clerk; categories: Category[] }) {
  const groups = groupsOf(clerk.skills);
  const toggle = (categoryId: string, takes: boolean) => {
    const next = takes ? [...(groups ?? []), categoryId] : (groups ?? []).filter(id => id !== categoryId);
    const skills = next.length === 0 ? null : next.map(id => ({ categoryId: id, weight: 10 }));
    void act(`skills/${encodeURIComponent(clerk.clerk)}`, { skills });
  };
  return (
    <tr>
      <th scope="row">{clerk.name}</th>
      {groups === undefined ? (
        <td colSpan={categories.length}>{t('hall.skills-fine')}</td>
      ) : (
        categories.map(({ id, title }) => (
          <td key={id}>
            <input
              type="checkbox"
              class="tick"
              aria-label={`${clerk.name}: ${inLanguage(title)}`}
              disabled={busy.value}
              checked={groups.includes(id)}
              onChange={event => toggle(id, event.currentTarget.checked)}
            />
          </td>
        ))
      )}
      <td>{groups?.length === 0 ? t('hall.all-services') : ''}</td>
    </tr>
  );
}
