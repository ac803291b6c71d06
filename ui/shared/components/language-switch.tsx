import { language, t } from '../language.ts';
import { Button } from './button.tsx';

/** Offers the other language in its own words. */
export function LanguageSwitch() {
  const other = language.value === 'ru' ? 'en' : 'ru';
  return (
    <Button
      kind="quiet"
      icon="globe"
      onPress={() => {
        language.value = other;
      }}
    >
      <span lang={other}>{t('page.language-other')}</span>
    </Button>
  );
}
