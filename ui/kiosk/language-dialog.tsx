import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { language, t } from '../shared/language.ts';
import { languages } from '../shared/languages.ts';
import { offeredLanguages } from './store.ts';

/** Each language in its own words, in the same order for everybody. */
export function LanguageDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('kiosk.choose-language')} class="kiosk-dialog" onClose={onClose}>
      <ul class="choices">
        {offeredLanguages().map(each => (
          <li key={each}>
            <Button
              pressed={language.value === each}
              onPress={() => {
                language.value = each;
                onClose();
              }}
            >
              <span lang={each}>{languages[each].name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
