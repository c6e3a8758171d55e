using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a timer trigger sends.</summary>
    [DataContract]
    public class TimerEvent
    {
        [DataMember(Name = "version")]
        public string Version { get; set; }

        /// <summary>When it fired, with its offset from UTC.</summary>
        [DataMember(Name = "time")]
        public string Time { get; set; }

        [DataMember(Name = "trigger_type")]
        public string TriggerType { get; set; }

        [DataMember(Name = "trigger_name")]
        public string TriggerName { get; set; }

        /// <summary>The text that the trigger was given.</summary>
        [DataMember(Name = "user_event")]
        public string UserEvent { get; set; }
    }
}
