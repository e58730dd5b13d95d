// symbols.ts -- made by build.mjs from milsymbol; do not edit.
// SPDX-License-Identifier: Apache-2.0
export const SYMBOLS = {
 "track": {
  "svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny\" width=\"29.76\" height=\"34.56\" viewBox=\"38 13 124 144\"><path d=\"M 45,150 L45,70 100,20 155,70 155,150 Z\" stroke-width=\"10\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" ></path><path d=\"M 45,150 L45,70 100,20 155,70 155,150\" stroke-width=\"4\" stroke=\"black\" fill=\"rgb(255, 229, 153)\" fill-opacity=\"1\" ></path><path d=\"M67,50 L100,20 133,50 z\" stroke-width=\"4\" stroke=\"none\" fill=\"black\" ></path><path d=\"M 45,150 L45,70 100,20 155,70 155,150\" stroke-width=\"5\" stroke-dasharray=\"4,4\" stroke=\"rgb(239, 239, 239)\" fill=\"none\" ></path><path d=\"m 87,135 v -11 l 6,-5 V 65 l 7,-10 7,10 v 54 l 6,5 v 11 l -13,-10 z\" stroke-width=\"3\" stroke=\"black\" fill=\"rgb(255,255,128)\" ></path><text x=\"68\" y=\"100\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >B</text><text x=\"132\" y=\"85\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >I</text><text x=\"132\" y=\"115\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >R</text></svg>",
  "width": 29.76,
  "height": 34.56,
  "x": 14.88,
  "y": 20.88
 },
 "predicted": {
  "svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny\" width=\"29.76\" height=\"34.56\" viewBox=\"38 13 124 144\"><path d=\"M 45,150 L45,70 100,20 155,70 155,150 Z\" stroke-width=\"10\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" ></path><path d=\"M 45,150 L45,70 100,20 155,70 155,150\" stroke-width=\"4\" stroke=\"black\" fill=\"rgb(255, 229, 153)\" fill-opacity=\"1\" ></path><path d=\"M67,50 L100,20 133,50 z\" stroke-width=\"4\" stroke=\"none\" fill=\"black\" ></path><path d=\"M 45,150 L45,70 100,20 155,70 155,150\" stroke-width=\"5\" stroke-dasharray=\"4,4\" stroke=\"rgb(239, 239, 239)\" fill=\"none\" ></path><path d=\"m 87,135 v -11 l 6,-5 V 65 l 7,-10 7,10 v 54 l 6,5 v 11 l -13,-10 z\" stroke-width=\"3\" stroke=\"black\" fill=\"rgb(255,255,128)\" ></path><text x=\"68\" y=\"100\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >B</text><text x=\"132\" y=\"85\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >I</text><text x=\"132\" y=\"115\" text-anchor=\"middle\" font-size=\"30\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"black\" >R</text></svg>",
  "width": 29.76,
  "height": 34.56,
  "x": 14.88,
  "y": 20.88
 },
 "launch": {
  "svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny\" width=\"27.36\" height=\"33.36\" viewBox=\"43 -32 114 139\"><path d=\"M 129.021,41.957 C 121.48,49.9458 110.986,54.4816 100,54.5 89.0432,54.4928 78.569,49.9914 71.0234,42.0469 L 100,100 Z\" stroke-width=\"9\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" ></path><circle cx=\"100\" cy=\"15\" r=\"40\" stroke-width=\"9\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" ></circle><text x=\"100\" y=\"20\" text-anchor=\"middle\" font-size=\"40\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"6\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" >LE</text><path d=\"M 129.021,41.957 C 121.48,49.9458 110.986,54.4816 100,54.5 89.0432,54.4928 78.569,49.9914 71.0234,42.0469 L 100,100 Z\" stroke-width=\"3\" stroke=\"#b3261e\" fill=\"#b3261e\" ></path><circle cx=\"100\" cy=\"15\" r=\"40\" stroke-width=\"3\" stroke=\"#b3261e\" fill=\"none\" ></circle><text x=\"100\" y=\"20\" text-anchor=\"middle\" font-size=\"40\" font-family=\"Arial\" font-weight=\"bold\" dominant-baseline=\"middle\" stroke-width=\"3\" stroke=\"none\" fill=\"#b3261e\" >LE</text></svg>",
  "width": 27.36,
  "height": 33.36,
  "x": 13.68,
  "y": 31.68
 },
 "impact": {
  "svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny\" width=\"27.36\" height=\"27.36\" viewBox=\"43 43 114 114\"><path d=\"m 50,100 40,-10 10,-40 10,40 40,10 -40,10 -10,40 -10,-40 -40,-10\" stroke-width=\"9\" stroke-dasharray=\"12,5\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke=\"rgba(255,255,255,0.9)\" fill=\"none\" ></path><path d=\"m 50,100 40,-10 10,-40 10,40 40,10 -40,10 -10,40 -10,-40 -40,-10\" stroke-width=\"3\" stroke-dasharray=\"12,5\" stroke=\"#b3261e\" fill=\"none\" ></path></svg>",
  "width": 27.36,
  "height": 27.36,
  "x": 13.68,
  "y": 13.68
 }
} as const;
