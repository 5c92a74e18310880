/**
 * What is done with a thing in the ordinary case, so that saying so adds nothing: a logo is made by designing it, a
 * review by carrying it out. Of the things of one line no other line of the five that set up a thing may know any.
 */
export const ordinary: Readonly<Record<string, readonly string[]>> = {
  perform: [
    ...[
      'analyse',
      'interview',
      'load-test',
      'pentest',
      'usability',
      'compare',
      'review',
      'measure',
      'simulate',
    ],
    ...['backup', 'update', 'train', 'negotiate'],
  ],
  design: [
    ...['logo', 'icon', 'banner', 'poster', 'brochure', 'catalogue', 'infographic', 'slides', 'storyboard'],
    ...['wireframe', 'mockup', 'landing-page', 'questionnaire', 'business-card', 'badge', 'style-guide'],
    ...['layout', 'packaging', 'uniform', 'banner-web', 'font'],
  ],
  configure: ['alert', 'ci'],
  enable: ['2fa'],
  integrate: ['paypal'],
};
