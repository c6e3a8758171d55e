/**
 * The runtimes a function can be written for, under the names that the FunctionGraph API uses (guide 3.1.2).
 *
 * Anything that takes a runtime takes these names as plain text too: `"Node.js20.15"` is `Runtime.NodeJs20`.
 */
export const Runtime = {
  NodeJs6: "Node.js6.10",
  NodeJs8: "Node.js8.10",
  NodeJs10: "Node.js10.16",
  NodeJs12: "Node.js12.13",
  NodeJs14: "Node.js14.18",
  NodeJs16: "Node.js16.17",
  NodeJs18: "Node.js18.15",
  NodeJs20: "Node.js20.15",
  Python27: "Python2.7",
  Python36: "Python3.6",
  Python39: "Python3.9",
  Python310: "Python3.10",
  Python312: "Python3.12",
  Java8: "Java8",
  Java11: "Java11",
  Java17: "Java17",
  Java21: "Java21",
  Go18: "Go1.8",
  Go1: "Go1.x",
  DotNet20: "C#(.NET Core 2.0)",
  DotNet21: "C#(.NET Core 2.1)",
  DotNet31: "C#(.NET Core 3.1)",
  DotNet6: "C#(.NET Core 6.0)",
  DotNet8: "C#(.NET Core 8.0)",
  Php73: "PHP7.3",
  Php83: "PHP8.3",
  Cangjie1: "Cangjie1.0",
  Custom: "Custom",
  Http: "http",
  CustomImage: "Custom Image",
} as const;
export type Runtime = (typeof Runtime)[keyof typeof Runtime];
