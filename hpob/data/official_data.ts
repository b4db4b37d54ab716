/**
 * Where HPO-B's official files are, and how they are recognized.
 *
 * @module
 */

/** A file that is fetched. */
export interface OfficialFile {
  /** File name. */
  readonly name: string;
  /** Where it can be had; tried in this order. */
  readonly urls: readonly string[];
  /** In bytes. */
  readonly size: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  /** How the file begins. */
  readonly signature: string;
}

/** The Git LFS repository of HPO-B's authors, and the last commits that changed its two archives. */
const dataRepository = "sebastianpinedaar/hpo-data";
const dataCommit = "87b3c985a9c4dd98016c27f56b709196c430f915";
const surrogatesCommit = "b527b74f0f6aeb2b417bcb29d39573fe1b69363a";

function archive(name: string, commit: string, size: number, sha256: string): OfficialFile {
  return {
    name,
    urls: [
      `https://github.com/${dataRepository}/raw/${commit}/${name}`,
      `https://media.githubusercontent.com/media/${dataRepository}/${commit}/${name}`,
    ],
    size,
    sha256,
    signature: "PK",
  };
}

/** The evaluated configurations, the splits and the initial rows. Pins: the Git LFS pointer. */
export const dataArchive: OfficialFile = archive(
  "hpob-data.zip",
  dataCommit,
  261_011_374,
  "ab1c439e50ffea3d8a3f1e0ad7ee7f03cd3c12df05576de84ad7c3b58fbf3358",
);

/**
 * The XGBoost surrogates of the continuous protocol. Pins: the Git LFS pointer. Archives from
 * before June 2022 differ: their ranges of responses in search space 5970 are wrong.
 */
export const surrogatesArchive: OfficialFile = archive(
  "saved-surrogates.zip",
  surrogatesCommit,
  148_595_881,
  "bda3a71e8b720efa97ea654a5e883f87aed1345fa35553318980e1d45b7b5662",
);

const resultsCommit = "12679c5931d95c1ab437ddac16422de6465da13f";

function published(name: string, size: number, sha256: string): OfficialFile {
  return {
    name,
    urls: [
      `https://raw.githubusercontent.com/machinelearningnuremberg/HPO-B/${resultsCommit}/results/${name}`,
      `https://github.com/machinelearningnuremberg/HPO-B/raw/${resultsCommit}/results/${name}`,
    ],
    size,
    sha256,
    signature: "{",
  };
}

/** What HPO-B's authors measured in the continuous protocol: random search, GP and deep-kernel GP. */
export const publishedResults: readonly OfficialFile[] = [
  published(
    "RS-C.json",
    717_841,
    "44c7efab21598469c04ed35b0002df4be03acb7f66f55fac94667e8e7c1e6553",
  ),
  published(
    "GP-C.json",
    650_985,
    "06fbe67cbb2c0f499721ba5565b8aea969a0af7083e00473267f3787a577dc2a",
  ),
  published(
    "DGP-C.json",
    658_598,
    "f4cc25815269b7694e96cffde5944501f1d2355f0986f3452f50042c5f29f2c9",
  ),
];

/** Every host that the official files are on, or that these redirect to. */
export const officialHosts: readonly string[] = [
  "github.com",
  "media.githubusercontent.com",
  "raw.githubusercontent.com",
];
