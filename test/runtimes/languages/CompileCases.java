import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles each case of the contract into a folder of its own: CLASSPATH SOURCES TARGET. */
public class CompileCases {
  /** Classes of this package are compiled against, and left out of the code. */
  private static final String LEFT_OUT = "absent";

  public static void main(String[] args) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path target = Paths.get(args[2]);
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      for (File source : Paths.get(args[1]).toFile().listFiles()) {
        if (source.getName().endsWith(".json")) {
          continue;
        }
        Path folder = target.resolve(source.getName().replace(".java", ""));
        Files.createDirectories(folder);
        List<File> sources = source.isDirectory() ? all(source.toPath()) : alone(source, folder);
        List<String> options =
            Arrays.asList(
                "--release",
                "8",
                "-Xlint:-options",
                "-encoding",
                "UTF-8",
                "-cp",
                args[0],
                "-d",
                folder.toString());
        if (!compiler
            .getTask(null, files, null, options, null, files.getJavaFileObjectsFromFiles(sources))
            .call()) {
          System.exit(1);
        }
        leaveOut(folder.resolve(LEFT_OUT));
      }
    }
  }

  private static List<File> all(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .map(Path::toFile)
          .collect(Collectors.toList());
    }
  }

  /** A class has its file's name. */
  private static List<File> alone(File source, Path folder) throws IOException {
    Path named = folder.resolve("Index.java");
    Files.copy(source.toPath(), named);
    return new ArrayList<>(Arrays.asList(named.toFile()));
  }

  private static void leaveOut(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (File file : folder.toFile().listFiles()) {
        Files.delete(file.toPath());
      }
      Files.delete(folder);
    }
  }
}
