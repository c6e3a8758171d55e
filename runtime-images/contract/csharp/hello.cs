using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Person person, IFunctionContext context)
        {
            return "hello " + person.Name;
        }
    }

    public class Person
    {
        public string Name { get; set; }
    }
}
