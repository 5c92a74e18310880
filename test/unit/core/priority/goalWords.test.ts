import assert from 'node:assert/strict';
import { goalWords } from '../../../../src/core/priority/goalWords.ts';
import { scoreOf } from '../../../../src/core/priority/score.ts';

const link = (text: string, goal: string): number =>
  scoreOf(
    { judged: null, priority: 'medium', boost: 0, dependents: 0, text, goal, dueAt: null, createdAt: 0 },
    0,
  ).parts.goal;

/** A goal, a task that serves it, and one that has nothing to do with it. */
const goals: Readonly<Record<string, readonly [goal: string, serves: string, other: string]>> = {
  English: ['Launch the new product', 'Prepare the product launch', 'Renew the certificate'],
  Greek: ['Νέο προϊόν για την ΕΛΛΆΔΑ', 'προϊόν: σχέδιο', 'ανανέωση πιστοποιητικού'],
  Russian: ['Запуск нового продукта', 'План запуск продукта', 'Продлить сертификат'],
  Arabic: ['إطلاق المنتج الجديد', 'خطة إطلاق المنتج', 'تجديد الشهادة'],
  Hindi: ['नए उत्पाद का प्रक्षेपण', 'उत्पाद प्रक्षेपण की योजना', 'प्रमाणपत्र नवीनीकरण'],
  Chinese: ['发布新产品', '准备产品发布会', '续订证书'],
  Japanese: ['新製品の発売', '発売の準備をする', '証明書を更新'],
  Korean: ['신제품 출시', '출시를 준비하기', '인증서 갱신'],
  Thai: ['เปิดตัวผลิตภัณฑ์ใหม่', 'เตรียมการเปิดตัวผลิตภัณฑ์', 'ต่ออายุใบรับรอง'],
};

describe('The link of a task to the goal', () => {
  for (const [language, [goal, serves, other]] of Object.entries(goals)) {
    it(`is found in ${language}`, () => {
      assert.equal(link(goal, goal), 150, 'what says all of it');
      assert.ok(link(serves, goal) >= 30, `what serves it: ${String(link(serves, goal))}`);
      assert.ok(link(other, goal) <= 15, `what does not: ${String(link(other, goal))}`);
    });
  }

  it('is in words with their vowel signs and accents, however these are written', () => {
    assert.deepEqual([...goalWords('प्रक्षेपण').keys()], ['प्रक्षेपण']);
    assert.equal(link('cafe\u0301 society', 'caf\u00E9 society'), 150);
  });

  it('keeps scripts apart that follow each other without a space', () => {
    assert.deepEqual([...goalWords('API设计v2.0').keys()], ['api', '设计']);
  });

  it('is read in a millisecond, however long the text is', () => {
    const [goal, text] = [
      '新製品の発売 launch เปิดตัวผลิตภัณฑ์ใหม่',
      '准备产品发布会 prepare the launch เตรียมการเปิดตัว ',
    ];
    const time = (description: string): number => {
      const times = Array.from({ length: 40 }, () => {
        const began = performance.now();
        link(description, goal);
        return performance.now() - began;
      });
      return times.toSorted((a, b) => a - b)[20] ?? NaN;
    };
    assert.ok(time(text.repeat(10)) < 1, 'five hundred characters');
    assert.ok(time(text.repeat(2_000)) < 8, 'a hundred thousand');
  });
});
