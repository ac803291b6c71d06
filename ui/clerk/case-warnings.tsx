import type { DocumentWarning } from '../../protocol/document-warnings.ts';
import { Button } from '../shared/components/button.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { busy, takeOutPage } from './actions.ts';
import { chosenDocumentId } from './store.ts';

/** What the box noticed about the documents; each line leads to the document that it is about. */
export function CaseWarnings({ warnings }: { warnings: DocumentWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <section class="case-warnings" aria-label={t('clerk.warnings')}>
      <h3>{t('clerk.warnings')}</h3>
      <ul>
        {warnings.map(warning => (
          <li key={`${warning.code} ${warning.documentIds.join()} ${warning.extraPage?.page}`}>
            <Icon name="attention" size={18} />
            <p>{inLanguage(warning)}</p>
            <div class="warning-actions">
              <ShowDocument documentId={warning.documentIds.at(-1)} text={inLanguage(warning)} />
              {warning.extraPage && <TakeOut at={warning.extraPage} text={inLanguage(warning)} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ShowDocument({ documentId, text }: { documentId: string | undefined; text: string }) {
  if (documentId === undefined) return null;
  const show = () => {
    chosenDocumentId.value = documentId;
  };
  return (
    <Button kind="quiet" label={`${t('clerk.warning-show')}: ${text}`} onPress={show}>
      {t('clerk.warning-show')}
    </Button>
  );
}

/** The second scan of a sheet goes to what was taken out, where it can be had back. */
function TakeOut({ at, text }: { at: { documentId: string; page: number }; text: string }) {
  return (
    <Button
      kind="quiet"
      label={`${t('clerk.warning-take-out', { page: at.page + 1 })}: ${text}`}
      busy={busy.value === 'take-out'}
      onPress={() => void takeOutPage(at.documentId, at.page)}
    >
      {t('clerk.warning-take-out', { page: at.page + 1 })}
    </Button>
  );
}
